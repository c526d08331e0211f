import { createHash } from 'node:crypto';
import { renderReport } from '../../../drill/report/report';
import { call, execution, hostile, pathsIn, reportInput, start } from '../../fixtures/report';

test('the outcome and its reason stand before everything else', async () => {
  const page = await renderReport(reportInput());

  const order = [
    'RESOLVED',
    'The alarm is OK again.',
    'Is it over?',
    'Yes: ended at 09:00:11 UTC, after 11 s.',
    'What to do',
    'No action is needed',
    ...['What happened<', 'The incident record ', '1 notice sent<'].map((title) => `>${title}`),
    ...['The metrics', 'The path taken', 'Timeline', 'Calls to AWS', 'Expectations'].map((title) => `>${title}</h`),
  ];
  const places = order.map((text) => page.indexOf(text, page.indexOf('<body>')));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test('what went wrong stands right below the outcome when something did', async () => {
  const page = await renderReport(
    reportInput({ ok: false, checks: [{ what: 'notices', ok: false, expected: '1', actual: '2' }] }),
  );

  expect(page.indexOf('>Expectations</h2>')).toBeLessThan(page.indexOf('>What happened</h2>'));
});

test('of many incidents the tally comes first, then the gravest of them', async () => {
  const [one] = reportInput().incidents;
  const many = Array.from({ length: 40 }, (_, i) => ({
    ...one!,
    incidentId: `inc-${i}`,
    ...(i === 33 ? { outcome: 'ESCALATED', code: 'storm', reason: 'A storm.' } : {}),
  }));

  const page = await renderReport(reportInput({ incidents: many }));

  const order = [
    '40 incidents',
    'Incidents by outcome',
    '<td class="number">39</td>',
    'inc-33',
    'inc-0<',
    '37 more incidents',
  ];
  const places = order.map((text) => page.indexOf(text));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(page).toContain('Someone is needed now for 1 of 40');
});

test('a replay that ended red is not said to be as expected', async () => {
  const page = await renderReport(
    reportInput({ ok: true, okWords: ['same path', 'another path'], executions: [execution({ status: 'FAILED' })] }),
  );

  expect(page).toContain('✔ same path');
  expect(page).not.toContain('as expected');
});

test('the timeline shows every state that was entered, in order', async () => {
  const one = execution();

  const page = await renderReport(reportInput({ executions: [one] }));

  expect(pathsIn(page)).toEqual([one.path]);
});

test('the same run gives the same page, whatever was drawn before', async () => {
  const first = await renderReport(reportInput());
  await renderReport(reportInput({ name: 'another' }));

  expect(await renderReport(reportInput())).toBe(first);
});

test('the picture marks the states that were passed, and no other', async () => {
  const page = await renderReport(reportInput());

  const marked = [...page.matchAll(/class="node (\w+)">\s*<title>([^<]*)<\/title>/g)].map(([, mark, state]) => [
    state,
    mark,
  ]);
  expect(new Map(marked as [string, string][])).toEqual(
    new Map([
      ...[
        'Read alarm',
        'Score metrics',
        'Stop instance',
        'Watch stop',
        'Is it stopped?',
        'Wait for stop',
        'Start instance',
      ].map((state) => [state, 'passed'] as const),
      ['Page a person', 'untouched'],
    ]),
  );
});

test('the plot has the threshold, the stretch in alarm, and what was done', async () => {
  const page = await renderReport(reportInput());
  const chart = /<svg class="chart broad".*?<\/svg>/s.exec(page)![0];

  expect(chart).toContain('threshold 80 %');
  expect(chart).toContain('var(--alarm)');
  expect(chart).toContain('StopInstances');
  expect(chart).toContain('StartInstances');
  expect(chart).not.toContain('DescribeInstances');
  expect(page).toContain('score 0.95');
});

test('the policy allows the page its own style and script, by their hashes, and nothing else', async () => {
  const page = await renderReport(reportInput());
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'");
  const hash = (tag: string) =>
    createHash('sha256')
      .update(new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page)![1]!)
      .digest('base64');

  expect(policy).toBe(
    `default-src 'none'; img-src data:; style-src 'sha256-${hash('style')}'; script-src 'sha256-${hash('script')}'; base-uri 'none'; form-action 'none'`,
  );
  expect(page.replace(/<style>.*?<\/style>/s, '')).not.toMatch(/ style=| on\w+="/);
});

test('what outsiders wrote is text, wherever it stands', async () => {
  const input = reportInput();
  const one = execution();
  const page = await renderReport(
    reportInput({
      name: hostile,
      story: hostile,
      alarms: input.alarms.map((alarm) => ({ ...alarm, alarmName: hostile })),
      metrics: input.metrics.map((metric) => ({
        ...metric,
        alarmName: hostile,
        metricName: hostile,
        dimensions: { [hostile]: hostile },
      })),
      incidents: input.incidents.map((incident) => ({ ...incident, alarmName: hostile, reason: hostile })),
      ledger: [call({ resources: [hostile], input: { Name: hostile }, errorName: hostile, result: 'error' })],
      notices: [{ at: start, topicArn: '', subject: hostile, message: hostile }],
      checks: [{ what: hostile, ok: false, expected: hostile, actual: hostile }],
      executions: [
        {
          ...one,
          id: hostile,
          machine: hostile,
          error: hostile,
          history: one.history.map((event) =>
            'state' in event && event.state === 'Read alarm' ? { ...event, state: hostile } : event,
          ),
        },
      ],
    }),
  );

  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).not.toContain('<img');
  expect(page).not.toContain('\u202e');
  expect(page).not.toMatch(/<[^>]* onclick='x/);
});

test('of a storm only the executions that went furthest are told, and the rest is counted', async () => {
  const short = execution({ path: ['Read alarm'], history: execution().history.slice(0, 3) });
  const executions = [...Array.from({ length: 30 }, (_, i) => ({ ...short, id: `short-${i}` })), execution()];

  const page = await renderReport(reportInput({ executions }));

  expect(pathsIn(page)).toHaveLength(4);
  expect(pathsIn(page)).toContainEqual(execution().path);
  expect(page).toContain('27 more executions: 30 ended in &quot;Read alarm&quot;');
});

test('of very many calls those that changed something are kept', async () => {
  const reads = Array.from({ length: 5000 }, (_, i) =>
    call({ seq: i + 1, command: 'DescribeInstances', effective: false }),
  );

  const page = await renderReport(reportInput({ ledger: [...reads, call({ seq: 5001 })] }));

  expect(page).toContain('ec2:StopInstances');
  expect(page).toContain('4401 more calls');
  expect(page.length).toBeLessThan(1_000_000);
});

test.each([
  [
    'no execution, no incident',
    { executions: [], incidents: [], ledger: [], notices: [], checks: [] },
    'Nothing was started.',
  ],
  ['no metric', { metrics: [], alarms: [] }, 'RESOLVED'],
  [
    'a metric without data',
    { metrics: reportInput().metrics.map((metric) => ({ ...metric, points: [] })) },
    'No alarm on a metric fired.',
  ],
  [
    'an execution that failed before any record',
    { incidents: [], executions: [execution({ status: 'FAILED', error: 'Boom', cause: 'It broke.' })] },
    'Boom: It broke.',
  ],
])('a run with %s has its page', async (_title, change, text) => {
  expect(await renderReport(reportInput(change as never))).toContain(text);
});
