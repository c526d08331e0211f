/// <reference lib="dom" />
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export { startBrowser } from '../../tools/screenshots/chromium';

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
