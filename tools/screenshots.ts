import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { projectRoot } from '../drill/report/command';
import { definitionFinder } from '../drill/report/definitions';
import { fromDrill } from '../drill/report/input';
import { writeReports } from '../drill/report/write';
import { loadScenario } from '../drill/scenario/load';
import type { DrillResult } from '../drill/scenario/result';
import { runScenario } from '../drill/scenario/run';
import { stopRecordStore } from '../drill/stack/record-store';
import { startBrowser } from './screenshots/chromium';
import { terminalPage } from './screenshots/terminal';

interface Shot {
  name: string;
  page: string;
  options?: BrowserContextOptions;
  height?: number;
  prepare?: (page: Page) => Promise<void>;
}

/** Pictures of the terminal, a report in light and dark and on a phone, the index, and a backtest. */
const shots: Shot[] = [
  { name: 'terminal', page: 'terminal.html', options: { viewport: { width: 1000, height: 400 } } },
  { name: 'report-light', page: 'cpu-high-restart.html', height: 2000 },
  { name: 'report-dark', page: 'cpu-high-restart.html', options: { colorScheme: 'dark' }, height: 2000 },
  { name: 'report-path', page: 'stop-hangs.html', prepare: wholeMachine },
  {
    name: 'report-phone',
    page: 'cpu-high-restart.html',
    options: { viewport: { width: 390, height: 844 } },
    height: 1700,
  },
  { name: 'report-index', page: 'index.html' },
  { name: 'backtest', page: 'backtest.html', height: 2300 },
];

const scenarios = ['cpu-high-restart', 'stop-hangs', 'guardduty-isolate', 'observe-only', 'not-opted-in'];

/** Shows the whole machine with its path at once, and only that. */
async function wholeMachine(page: Page): Promise<void> {
  await page.locator('.fit').first().scrollIntoViewIfNeeded();
}

async function take(browser: Browser, folder: string, to: string, shot: Shot): Promise<void> {
  const { name, page: file, options = {}, height, prepare } = shot;
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(`file://${join(folder, file)}`);
  await prepare?.(page);
  const path = join(to, `${name}.png`);
  const width = page.viewportSize()!.width;
  if (prepare) await page.locator('.fit').first().screenshot({ path });
  else await page.screenshot({ path, fullPage: true, ...(height ? { clip: { x: 0, y: 0, width, height } } : {}) });
  await context.close();
}

/** As an operator runs it: what developers run imports nothing of what operators run. */
function backtest(report: string): void {
  const command = ['--import', 'tsx', 'cli/backtest.ts', '--sample', '40', '--report', report];
  execFileSync(process.execPath, command, { cwd: projectRoot, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function main(to: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'screenshots-'));
  const browser = await startBrowser();
  try {
    const results: DrillResult[] = [];
    for (const name of scenarios) results.push(await runScenario(await loadScenario(name)));
    const find = definitionFinder(projectRoot);
    await writeReports(
      folder,
      results.map((result) => fromDrill(result, find)),
    );
    await writeFile(join(folder, 'terminal.html'), terminalPage(results[0]!, 'npm run drill'));
    backtest(join(folder, 'backtest.html'));
    for (const shot of shots) await take(browser, folder, to, shot);
  } finally {
    await browser.close();
    await stopRecordStore();
    await rm(folder, { recursive: true });
  }
}

if (require.main === module) void main(join(projectRoot, 'docs', 'images'));
