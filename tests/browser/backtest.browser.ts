import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { exitCodes, main } from '../../cli/backtest';
import { axe, open, overflows, startBrowser } from './browser';

let browser: Browser;
let folder: string;
let file: string;
beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), 'backtest-'));
  file = join(folder, 'backtest.html');
  expect(await main(['--sample', '8', '--report', file], () => {})).toBe(exitCodes.done);
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

test.each(['light', 'dark'] as const)(
  'in %s the page passes axe, complains of nothing and makes no request',
  async (colorScheme) => {
    const opened = await open(browser, file, { colorScheme });

    expect(await axe(opened)).toEqual([]);
    expect(opened.complaints).toEqual([]);
    expect(opened.requests).toEqual([]);
  },
);

test('it fits a phone, and its instances can be filtered', async () => {
  const opened = await open(browser, file, { viewport: { width: 360, height: 740 }, isMobile: true });

  await opened.page.fill('[aria-label="Filter the instances"]', 'i-00000000011234567');

  expect(await overflows(opened)).toBe(false);
  expect(await opened.page.locator('[data-count]').textContent()).toBe('1 of 8');
});
