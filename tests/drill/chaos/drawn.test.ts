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

test.each([701_108, 705_164, 705_688, 707_256])(
  'a seed with very many faults (%i) is drawn, and its story names those that fit',
  (seed) => {
    const { story, faults } = drawScenario(seed);

    expect(story).toMatch(
      new RegExp(`^Random faults of seed ${seed} in [a-z-]+: ${faults[0]!.name}, .*, … and \\d+ more\\.$`),
    );
    expect(story.length).toBeGreaterThan(150);
  },
);

const ownAccount = '123456789012';
const isSpoke = ({ listed, account }: { listed: boolean; account: string }) => listed && account !== ownAccount;

test('a few seeds of one run have a place that no cell handles, where the first instance’s ID is another instance', () => {
  const placed = seeds
    .map((seed) => drawScenario(seed))
    .filter(({ places }) => places.some((place) => !isSpoke(place)));
  const kinds = tally(placed.flatMap(({ places: [place] }) => (place ? [`${place.account} ${place.region}`] : [])));

  expect(Object.keys(kinds)).toHaveLength(2);
  expect(placed.length).toBeGreaterThan(10);
  expect(placed.length).toBeLessThan(40);
  for (const { fleet, places } of placed) expect(places[0]!.fleet[0]!.instanceId).toBe(fleet[0]!.instanceId);
});

/** What a drill with spokes has of each kind that is drawn for them. */
function kindsOfSpokes({
  playbook,
  starts,
  follows,
  answers,
  places,
  faults,
}: ReturnType<typeof drawScenario>): string[] {
  const spokes = places.filter(isSpoke);
  const isAsked = (input: Record<string, unknown>) => input.place !== undefined;
  return [
    `${spokes.length} listed`,
    playbook,
    ...(starts.by === 'event' && starts.account ? ['a finding of a spoke'] : []),
    ...(starts.by === 'manual' && isAsked(starts.input) ? ['started in a spoke'] : []),
    ...(follows.some(({ input }) => isAsked(input)) ? ['in both at once'] : []),
    ...(starts.by !== 'alarm' && starts.by !== 'alarm-state' && answers.length > 0 ? ['answered'] : []),
    ...(spokes.some(({ fleet }) => fleet.some(({ count }) => count > 1)) ? ['a storm in one'] : []),
    ...(spokes.some(({ reachable }) => !reachable) ? ['unreachable'] : []),
    ...(spokes.some(({ roles }) => roles === 'missing') ? ['without roles'] : []),
    ...spokes
      .flatMap((place) => place.faults.map(({ name }) => name))
      .filter((name) => /^(spoke|sessions)-/.test(name)),
    ...faults.filter(({ command }) => command === 'AssumeRole').map(({ name }) => `AssumeRole: ${name}`),
  ];
}

test('a quarter of the seeds of one run draws listed spokes, and each thing that happens or goes wrong there', () => {
  const drawn = seeds.map(drawScenario).filter(({ places }) => places.some(isSpoke));
  const kinds = tally(drawn.flatMap((one) => [...new Set(kindsOfSpokes(one))]));

  expect(drawn.length).toBe(54);
  expect(kinds).toEqual({
    '1 listed': 21,
    '3 listed': 33,
    'AssumeRole: answer-lost': 2,
    'AssumeRole: api-denied': 2,
    'AssumeRole: api-throttled': 2,
    'AssumeRole: crash-after-call': 4,
    'AssumeRole: late-answer': 5,
    'a finding of a spoke': 10,
    'a storm in one': 3,
    answered: 28,
    'block-traffic': 5,
    'in both at once': 4,
    'isolate-instance': 19,
    'patch-instance': 4,
    'restart-instance': 26,
    'sessions-expire': 7,
    'spoke-deactivated': 4,
    'spoke-roles-removed': 3,
    'started in a spoke': 9,
    unreachable: 3,
    'without roles': 4,
  });
  for (const { fleet, places } of drawn)
    for (const place of places.filter(isSpoke)) expect(place.fleet[0]!.instanceId).toBe(fleet[0]!.instanceId);
});

test('in a spoke, what belongs to an instance is of that account, and so is its finding', () => {
  for (const { places, starts } of seeds.map(drawScenario)) {
    for (const place of places.filter(isSpoke)) expect(JSON.stringify(place.fleet)).not.toContain(ownAccount);
    if (starts.by === 'event' && starts.account) expect(JSON.stringify(starts.events)).not.toContain(ownAccount);
  }
});

test('the same seed is the same drill', () => {
  expect(seeds.map(drawScenario)).toEqual(seeds.map(drawScenario));
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
