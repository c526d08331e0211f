import { toPage } from '../../../drill/report/review-page';
import { toMarkdown } from '../../../functions/review/markdown';
import { review } from '../../../functions/review/review';
import { at, needless, record, window } from '../../review/records';

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>&'`;
const noisyAlarm = `restart-instance-dev-${hostile}`;
const records = [
  ...['00:31', '01:01', '12:00'].map((time) =>
    needless({ alarmName: noisyAlarm, openedAt: `2026-11-02T${time}:00.000Z` }),
  ),
  ...[3, 4, 5].map((day) => record({ instanceId: hostile, openedAt: at(9, day) })),
];
const values = [20, 20, 20, ...[85, 85, 85], 20, 20, 20, ...[86, 86, 86], 20, 20, 20];
const series = {
  alarmName: noisyAlarm,
  metric: 'CPUUtilization',
  periodSeconds: 300,
  threshold: 80,
  breachesAtThreshold: true,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  times: values.map((_, i) => Date.parse(at(0)) + i * 300_000),
  values,
};
const found = review(records, [series], window);

test('the page runs no script and asks no network for anything', () => {
  const page = toPage(found);

  // Of styles the page's own alone is let in, by its hash.
  expect(page).toMatch(
    /content="default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-[\w+/=]+&#39;; base-uri &#39;none&#39;;/,
  );
  expect(page).not.toMatch(/<script|<img|<link|<iframe|https?:|url\(|@import/i);
});

test('a hostile alarm name or instance id is shown as text', () => {
  const page = toPage(found);

  expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  // Every tag of the page is one that the page itself writes.
  const tags = new Set([...page.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name?.toLowerCase()));
  expect(tags).not.toContain('script');
  expect(tags).not.toContain('img');
});

test('page and summary name the offender, the noisy alarm and the proposal, and say that nothing is applied', () => {
  const markdown = toMarkdown(found);

  for (const text of [markdown, toPage(found)]) {
    expect(text).toMatch(/Repeat offenders/);
    expect(text).toMatch(/Noisy alarms/);
    expect(text).toMatch(/applied automatically/);
  }
  expect(found.proposals).toHaveLength(1);
  expect(markdown).toContain('needless alarms 2 → 0');
  expect(markdown).not.toMatch(/(?<!\\)<script/);
});

test('the same records give the same page, byte for byte', () => {
  expect(toPage(review(records, [series], window))).toBe(toPage(found));
});

test('it begins with what the period was like, and what to do', () => {
  const text = toPage(found)
    .replace(/<style>[\s\S]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

  expect(text).toMatch(
    /6 incidents, \d with an action; [^.]*\. What to do Decide on 1 proposed threshold\. Find the cause on 1 instance with repeated incidents\./,
  );
  expect(text.indexOf('What to do')).toBeLessThan(text.indexOf('Proposed thresholds'));
  expect(toPage(review([], [], window))).toContain('Nothing is proposed.');
});

test('an empty window has a page', () => {
  expect(toPage(review([], [], window))).toContain('None');
});
