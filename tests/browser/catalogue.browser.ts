import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { main } from '../../drill/cli';
import { exitCodes } from '../../drill/options';
import { writeReports } from '../../drill/report/write';
import { scenarioNames } from '../../drill/scenario/load';
import { stopRecordStore } from '../../drill/stack/record-store';
import { keptReports } from '../fixtures/catalogue';
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

/** The report of every scenario, and the index over them. */
async function makeReports(): Promise<void> {
  if (keptReports === undefined) {
    expect(await main(['--all', '--report', folder], () => {})).toBe(exitCodes.asExpected);
    return;
  }
  for (const name of await readdir(keptReports)) await cp(join(keptReports, name), folder, { recursive: true });
  await writeReports(folder, []);
}

/** What is wrong with a page, as a browser on a phone shows it. */
async function wrongWith(name: string): Promise<string[]> {
  const opened = await open(browser, join(folder, name), { viewport: { width: 390, height: 800 } });
  // A storm's page has a thousand incidents: axe takes minutes for it, and its parts are those of the others.
  const minded = name === 'storm.html' ? [] : await axe(opened);
  const tooWide = (await overflows(opened)) ? ['overflows'] : [];
  await opened.page.context().close();
  return [...opened.complaints, ...opened.requests, ...minded, ...tooWide];
}

test('every scenario’s report opens: no complaint, no request, nothing that axe minds, fit for a phone', async () => {
  await makeReports();
  const pages = (await readdir(folder)).filter((name) => name.endsWith('.html'));

  const wrong: Record<string, string[]> = {};
  const left = [...pages];
  const lane = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const all = await wrongWith(name);
      if (all.length > 0) wrong[name] = all;
    }
  };
  // Each page has a process of its own in the browser: two of them use both cores.
  await Promise.all([lane(), lane()]);

  expect(pages).toHaveLength((await scenarioNames()).length + 1);
  expect(wrong).toEqual({});
});
