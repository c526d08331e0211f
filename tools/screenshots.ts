import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Browser } from 'playwright-core';
import { projectRoot } from '../drill/report/command';
import { stopRecordStore } from '../drill/stack/record-store';
import { startBrowser } from './screenshots/chromium';
import { backtest, makePages } from './screenshots/pages';
import { type Shot, shots } from './screenshots/shots';

interface Options {
  out: string;
  pages?: string;
  metrics?: string;
}

async function take(browser: Browser, folder: string, to: string, shot: Shot): Promise<void> {
  const { name, page: file, options = {}, height, media, only, prepare } = shot;
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(`file://${join(folder, file)}`);
  if (media) {
    await page.emulateMedia({ media });
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
  }
  await prepare?.(page);
  const path = join(to, `${name}.png`);
  const width = page.viewportSize()!.width;
  if (only) await page.locator(only).first().screenshot({ path });
  else await page.screenshot({ path, fullPage: true, ...(height ? { clip: { x: 0, y: 0, width, height } } : {}) });
  await context.close();
}

async function main({ out, pages, metrics }: Options): Promise<void> {
  const folder = pages ?? (await mkdtemp(join(tmpdir(), 'screenshots-')));
  for (const one of [folder, out]) await mkdir(one, { recursive: true });
  const browser = await startBrowser();
  try {
    await makePages(folder);
    const all = [...shots];
    if (metrics !== undefined) {
      backtest(join(folder, 'own.html'), ['--metrics', metrics]);
      all.push({ name: 'backtest-own', page: 'own.html', height: 1800 });
    }
    for (const shot of all) await take(browser, folder, out, shot);
  } finally {
    await browser.close();
    await stopRecordStore();
    if (pages === undefined) await rm(folder, { recursive: true });
  }
}

const program = new Command('screenshots')
  .description('Retakes the pictures of the docs: terminal, reports, index, backtest, review and replay.')
  .option('--out <folder>', 'folder for the pictures', join(projectRoot, 'docs', 'images'))
  .option('--pages <folder>', 'keep the pages in this folder')
  .option('--metrics <file>', 'also picture a backtest of these series, as backtest-own.png');

if (require.main === module) void main(program.parse().opts<Options>());
