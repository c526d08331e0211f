/// <reference lib="dom" />
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { writeReports } from '../../drill/report/write';
import { call, execution, hostile, reportInput } from '../fixtures/report';
import { axe, open, overflows, startBrowser } from './browser';

let browser: Browser;
let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
  const input = reportInput();
  const harmful = reportInput({
    name: 'hostile',
    story: hostile,
    alarms: input.alarms.map((alarm) => ({ ...alarm, alarmName: hostile })),
    metrics: input.metrics.map((metric) => ({ ...metric, alarmName: hostile, metricName: hostile })),
    incidents: input.incidents.map((incident) => ({ ...incident, alarmName: hostile, reason: hostile })),
    ledger: [call({ resources: [hostile] })],
    executions: [execution({ machine: hostile, consoleUrl: hostile })],
  });
  await writeReports(folder, [input, harmful, reportInput({ name: 'failed', ok: false })]);
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each(['cpu-high.html', 'index.html'])(
    '%s passes axe, complains of nothing and makes no request',
    async (name) => {
      const opened = await open(browser, file(name), { colorScheme });
      await opened.page.evaluate(() => {
        for (const one of document.querySelectorAll('details')) one.open = true;
      });

      expect(await axe(opened)).toEqual([]);
      expect(opened.complaints).toEqual([]);
      expect(opened.requests).toEqual([]);
    },
  );
});

test('the background follows the reader’s colours, and the button switches them', async () => {
  const { page } = await open(browser, file('cpu-high.html'), { colorScheme: 'dark' });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();

  await page.click('#theme');

  expect(dark).toBe('rgb(16, 21, 28)');
  expect(await background()).toBe('rgb(245, 247, 250)');
});

test('axe would find what is wrong', async () => {
  const opened = await open(browser, file('cpu-high.html'));
  await opened.page.evaluate(() => document.querySelector('[type=search]')!.removeAttribute('aria-label'));
  await opened.page.evaluate(() => document.querySelector('[type=search]')!.removeAttribute('placeholder'));

  expect(await axe(opened)).toEqual([expect.stringContaining('label')]);
});

test('a step opens, and shows what it added', async () => {
  const { page } = await open(browser, file('cpu-high.html'));
  const step = page.locator('[data-state="Stop instance"]').first();

  await step.locator('summary').click();

  expect(await step.locator('pre').isVisible()).toBe(true);
  expect(await step.locator('pre').textContent()).toContain('stopping');
});

test('the timeline is filtered by words and by kind, and shows rounds of loops when asked', async () => {
  const { page } = await open(browser, file('cpu-high.html'));
  const shown = () => page.locator('.steps > li:visible').count();
  const all = await shown();

  const count = await page.locator('section[data-execution] [data-count]').textContent();
  await page.check('[data-show=again]');
  const withRounds = await shown();
  await page.check('[data-show=choice]');
  const withChoices = await shown();
  await page.fill('[aria-label="Filter the timeline"]', 'stop instance');
  const named = await shown();
  await page.fill('[aria-label="Filter the timeline"]', '');
  await page.selectOption('[aria-label="Which steps"]', 'changed');

  expect({ all, withRounds, withChoices, named, changed: await shown() }).toEqual({
    all: 6,
    withRounds: 7,
    withChoices: 9,
    named: 1,
    changed: 2,
  });
  expect(count).toBe('6 of 9');
});

test('the calls are filtered, and the count says so', async () => {
  const { page } = await open(browser, file('cpu-high.html'));
  const section = page.locator('section', { hasText: 'Calls to AWS' }).last();

  await section.locator('select').selectOption('refused');

  expect(await section.locator('tbody tr:visible').allInnerTexts()).toEqual([
    expect.stringContaining('RequestLimitExceeded'),
  ]);
  expect(await section.locator('[data-count]').textContent()).toBe('1 of 3');
});

test('a click on a state of the picture goes to its step', async () => {
  const { page } = await open(browser, file('cpu-high.html'));

  await page.locator('svg.machine .node', { hasText: 'Start instance' }).click();

  const step = page.locator('[data-state="Start instance"]');
  expect(await step.locator('details').getAttribute('open')).not.toBeNull();
  expect(await step.locator('summary').evaluate((one) => one === document.activeElement)).toBe(true);
});

test('what is known of a state stands beside the picture, which fits its window until it is zoomed', async () => {
  const { page } = await open(browser, file('cpu-high.html'));
  const view = page.locator('[data-picture] .scroll');
  const scrolls = () => view.evaluate((one) => one.scrollHeight > one.clientHeight + 1);
  const detail = page.locator('[data-detail]');

  expect(await scrolls()).toBe(false);
  expect(await detail.textContent()).toContain('Start instance');
  await page.locator('svg.machine .node', { hasText: 'Stop instance' }).click();
  expect(await detail.textContent()).toContain('About Stop instance');
  for (let i = 0; i < 6; i += 1) await page.click('[data-zoom=in]');
  expect(await scrolls()).toBe(true);
  await page.click('[data-zoom=fit]');
  expect(await scrolls()).toBe(false);
});

test('a hostile name does nothing', async () => {
  const { page, complaints, requests } = await open(browser, file('hostile.html'));
  await page.locator('details').evaluateAll((all) => {
    for (const one of all) (one as HTMLDetailsElement).open = true;
  });

  expect(await page.title()).toBe('hostile: report');
  expect(await page.locator('img, iframe, object, script:not(:last-child)').count()).toBe(0);
  expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
  expect(complaints).toEqual([]);
  expect(requests).toEqual([]);
});

test.each(['cpu-high.html', 'hostile.html', 'index.html'])('%s fits a phone', async (name) => {
  const opened = await open(browser, file(name), { viewport: { width: 360, height: 740 }, isMobile: true });

  expect(await overflows(opened)).toBe(false);
});

test('on a phone the whole plot is seen, in letters that can be read, and the machine from where it starts', async () => {
  const viewport = { width: 360, height: 740 };
  const { page } = await open(browser, file('cpu-high.html'), { viewport, isMobile: true });

  const plot = page.locator('svg.chart:visible').first();
  const box = (await plot.boundingBox())!;
  const letters = await plot.locator('text').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  const picture = (await page.locator('.scroll.tall').first().boundingBox())!;
  const start = (await page.locator('svg.machine .node').first().boundingBox())!;

  expect(box.x + box.width).toBeLessThanOrEqual(viewport.width);
  expect(Math.min(...letters)).toBeGreaterThan(9);
  expect(start.x).toBeGreaterThanOrEqual(picture.x);
  expect(start.x + start.width).toBeLessThanOrEqual(picture.x + picture.width);
});

test('on paper everything is open but the requests of the calls, nothing scrolls, and no control is left', async () => {
  const { page } = await open(browser, file('cpu-high.html'), { colorScheme: 'dark' });

  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));

  expect(await page.locator('details:not([open]):not(.calls *)').count()).toBe(0);
  expect(await page.locator('.calls details[open]').count()).toBe(0);
  expect(await page.locator('button:visible, input:visible, select:visible').count()).toBe(0);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light');
});

test('the index leads to a report', async () => {
  const { page } = await open(browser, file('index.html'));

  await page.fill('[aria-label="Filter the runs"]', 'failed');
  await page.locator('a:visible').click();

  expect(await page.locator('h1').textContent()).toBe('failed');
});
