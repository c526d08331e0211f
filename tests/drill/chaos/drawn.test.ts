import { adversaryOf } from '../../../drill/chaos/adversary';
import { drawScenario } from '../../../drill/chaos/draw';

/** As many as CI runs. */
const seeds = Array.from({ length: 200 }, (_, n) => n + 1);

function tally(kinds: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...new Set(kinds)].sort().map((kind) => [kind, kinds.filter((one) => one === kind).length]),
  );
}

/** What kind of answers a drill that asks is given. */
function answersOf({ answers, playbook }: ReturnType<typeof drawScenario>): string[] {
  if (playbook !== 'isolate-instance' && playbook !== 'block-traffic') return [];
  const [first, second] = answers;
  if (!first) return ['silence'];
  if (second?.subject === first.subject) return ['twice'];
  if ((first.subject === 'isolate') !== (playbook === 'isolate-instance')) return ['another subject'];
  return [first.afterMinutes >= 60 ? 'late' : first.answer];
}

test('the seeds of one run draw findings, manual starts and every kind of answer', () => {
  const scenarios = seeds.map((seed) => drawScenario(seed));
  const answers = tally(scenarios.flatMap(answersOf));
  const starts = tally(
    scenarios.map(({ starts }) => {
      const [event] = starts.by === 'event' ? starts.events : [];
      return event ? String((event as Record<string, unknown>)['detail-type']) : starts.by;
    }),
  );

  expect(Object.keys(answers)).toEqual(
    expect.arrayContaining(['another subject', 'late', 'no', 'silence', 'twice', 'yes']),
  );
  expect(starts['GuardDuty Finding']).toBeGreaterThan(20);
  expect(starts.manual).toBeGreaterThan(10);
});

test('a few seeds of one run have a second place, where the first instance’s ID is another instance', () => {
  const placed = seeds.map((seed) => drawScenario(seed)).filter(({ places }) => places.length > 0);
  const kinds = tally(placed.flatMap(({ places }) => places.map(({ account, region }) => `${account} ${region}`)));

  expect(Object.keys(kinds)).toHaveLength(2);
  expect(placed.length).toBeGreaterThan(10);
  expect(placed.length).toBeLessThan(40);
  for (const { fleet, places } of placed) expect(places[0]!.fleet[0]!.instanceId).toBe(fleet[0]!.instanceId);
});

test('the seeds of one run draw floods of every kind, and direct calls of most steps with either claim', () => {
  const drawn = seeds.map(adversaryOf);
  const floods = tally(drawn.flatMap(({ flood }) => (flood ? [flood.of] : [])));
  const calls = drawn.flatMap((one) => one.calls);

  expect(Object.keys(floods)).toEqual(['addresses', 'alarms', 'findings', 'instances']);
  expect(new Set(calls.map(({ step }) => step)).size).toBeGreaterThan(20);
  expect(tally(calls.map(({ knowsExecution }) => String(knowsExecution)))).toEqual({
    false: expect.any(Number),
    true: expect.any(Number),
  });
});

test('the seeds of one run draw alarms on every kind of log, groups that are deleted, and searches that fail', () => {
  const drawn = seeds.map(drawScenario).filter(({ account }) => account.logGroups.length > 0);
  const groups = drawn.flatMap(({ account }) => account.logGroups);
  const named = tally(drawn.flatMap(({ parameters }) => Object.keys(parameters)));

  expect(Object.keys(named)).toEqual(['FlowLogGroup', 'LoginLogGroup', 'SystemLogGroup', 'TrailLogGroup']);
  for (const { parameters, account } of drawn)
    expect(Object.values(parameters)).toEqual(account.logGroups.map(({ name }) => name));
  expect(groups.filter(({ deletedAtMinute }) => deletedAtMinute !== undefined).length).toBeGreaterThan(2);
  expect(tally(drawn.map(({ playbook }) => playbook))).toEqual({
    'block-traffic': expect.any(Number),
    'investigate-alarm': expect.any(Number),
  });
  expect(drawn.some(({ faults }) => faults.some(({ name }) => name === 'log-query-ends'))).toBe(true);
});
