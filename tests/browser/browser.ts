/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** Starts the Chromium of this machine. @throws an error that says what to install; a test is never skipped for want of it */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? places.find(existsSync);
  if (!executablePath) {
    throw new Error(
      'There is no Chromium on this machine. Install one (Debian: apt-get install chromium), or name it in CHROMIUM_PATH.',
    );
  }
  const quiet = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-component-update', ...quiet] });
}

/** A page that was opened from a file, with everything that it complained of or asked for. */
export interface Opened {
  page: Page;
  /** Errors and warnings of the console, and what was thrown. */
  complaints: string[];
  /** Requests other than for the file itself. */
  requests: string[];
}

export async function open(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== `file://${file}` && !request.url().startsWith('data:')) requests.push(request.url());
  });
  await page.goto(`file://${file}`);
  return { page, complaints, requests };
}

/** What axe finds wrong with a page. The page's own policy lets nothing in, so axe comes through the debugger. */
export async function axe({ page }: Opened): Promise<string[]> {
  const source = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<Findings> } };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }));
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** As axe reports them, as far as they are looked at here. */
interface Findings {
  violations: { id: string; nodes: { html: string }[] }[];
}

/** Whether anything of the page sticks out to the right. */
export async function overflows({ page }: Opened): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}
