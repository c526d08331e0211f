import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { main } from '../../drill/cli';
import { exitCodes } from '../../drill/options';
import { scenarioNames } from '../../drill/scenario/load';
import { stopRecordStore } from '../../drill/stack/record-store';
import { axe, open, overflows, startBrowser } from './browser';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
});
afterAll(async () => {
  await stopRecordStore();
  await browser?.close();
  await rm(folder, { recursive: true });
});

test('every scenario’s report opens: no complaint, no request, nothing that axe minds, fit for a phone', async () => {
  const code = await main(['--all', '--report', folder], () => {});
  const pages = (await readdir(folder)).filter((name) => name.endsWith('.html'));

  const wrong: Record<string, unknown> = {};
  for (const name of pages) {
    const opened = await open(browser, join(folder, name), { viewport: { width: 390, height: 800 } });
    // A storm's page has a thousand incidents: axe takes minutes for it, and its parts are those of the others.
    const minded = name === 'storm.html' ? [] : await axe(opened);
    const all = [
      ...opened.complaints,
      ...opened.requests,
      ...minded,
      ...((await overflows(opened)) ? ['overflows'] : []),
    ];
    if (all.length > 0) wrong[name] = all;
    await opened.page.context().close();
  }

  expect(code).toBe(exitCodes.asExpected);
  expect(pages).toHaveLength((await scenarioNames()).length + 1);
  expect(wrong).toEqual({});
}, 600_000);
