import type { Snapshot } from '../../functions/guard/snapshot';
import { look, type Poll, pollSchema, type Seen } from '../../functions/instance/watch';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 2, 0, seconds));
const snapshot = (state: Snapshot['state'], stateReason?: string): Snapshot => ({
  instanceId: 'i-0123456789abcdef0',
  instanceType: 't3.medium',
  state,
  ...(stateReason ? { stateReason } : {}),
  tags: {},
  rootDeviceType: 'ebs',
  isSpot: false,
  volumeIds: [],
  hasElasticIp: false,
  hibernation: false,
});
const seen = (state: Snapshot['state'], check = 'ok', reason?: string): Seen => ({
  snapshot: snapshot(state, reason),
  checks: { system: 'ok', instance: check },
});
const poll = (goal: 'stopped' | 'running', looks: [Seen, number][], ceiling = 900) =>
  looks.reduce<Poll | undefined>(
    (before, [found, seconds]) => look(goal, found, before, at(seconds), ceiling),
    undefined,
  )!;

test('two agreeing reads make an instance stopped, one does not', () => {
  expect(poll('stopped', [[seen('stopped'), 0]]).verdict).toBe('WAITING');
  expect(
    poll('stopped', [
      [seen('stopped'), 0],
      [seen('stopped'), 5],
    ]).verdict,
  ).toBe('REACHED');
});

test('a stale read in between starts the count anew', () => {
  const found = poll('stopped', [
    [seen('stopped'), 0],
    [seen('stopping'), 5],
    [seen('stopped'), 10],
  ]);

  expect(found).toMatchObject({ verdict: 'WAITING', agreed: 1 });
});

test('running is not yet healthy', () => {
  const found = poll('running', [
    [seen('running', 'initializing'), 0],
    [seen('running', 'initializing'), 10],
  ]);

  expect(found.verdict).toBe('WAITING');
});

test('a start that goes back to stopped is seen in two reads, with the words of EC2', () => {
  const reason = 'Client.InternalError: Client error on launch';
  const gone = seen('stopped', 'ok', reason);
  const found = poll('running', [
    [seen('pending'), 0],
    [gone, 10],
    [gone, 15],
  ]);

  expect(found).toMatchObject({ verdict: 'WRONG', conclusion: { outcome: 'ESCALATED', code: 'did-not-start' } });
  expect(found.conclusion?.reason).toContain(reason);
});

test('reads that still say stopped right after the start may be old ones', () => {
  const found = poll('running', [
    [seen('stopped'), 0],
    [seen('stopped'), 10],
    [seen('stopped'), 25],
  ]);

  expect(found.verdict).toBe('WAITING');
});

test('an instance that is never seen to start is given up before the ceiling', () => {
  const found = poll('running', [
    [seen('stopped'), 0],
    [seen('stopped'), 200],
    [seen('stopped'), 205],
  ]);

  expect(found).toMatchObject({ verdict: 'WRONG', conclusion: { code: 'did-not-start' } });
});

test.each([
  ['stopped', 'stopping', 'ESCALATED', 'stop-hangs'],
  ['running', 'running', 'FAILED', 'unhealthy-after-start'],
  ['running', 'pending', 'ESCALATED', 'did-not-start'],
] as const)('a wait for %s that stays %s ends at its ceiling', (goal, state, outcome, code) => {
  const found = poll(goal, [
    [seen(state, 'impaired'), 0],
    [seen(state, 'impaired'), 900],
  ]);

  expect(found).toMatchObject({ verdict: 'OVERDUE', conclusion: { outcome, code } });
});

test('waits grow and stay bounded', () => {
  const waits: number[] = [];
  let last: Poll | undefined;
  for (let seconds = 0; seconds < 20; seconds++) {
    last = look('stopped', seen('stopping'), last, at(seconds), 900);
    waits.push(last.waitSeconds);
  }

  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.at(-1)).toBe(60);
});

test('a poll for one goal does not count for the other', () => {
  const stopped = poll('stopped', [
    [seen('stopped'), 0],
    [seen('stopped'), 5],
  ]);

  expect(look('running', seen('running'), stopped, at(60), 900)).toMatchObject({
    attempt: 1,
    agreed: 1,
    verdict: 'WAITING',
  });
});

describe('the next look', () => {
  test('comes soon once the goal is seen, or the way back, to see whether a second one agrees', () => {
    expect(poll('stopped', [[seen('stopping'), 0]]).waitSeconds).toBe(10);
    expect(poll('stopped', [[seen('stopped'), 0]]).waitSeconds).toBe(5);
    expect(
      poll('running', [
        [seen('pending'), 0],
        [seen('stopped'), 10],
      ]).waitSeconds,
    ).toBe(5);
  });
});

describe('an instance that goes back', () => {
  test('is seen while it is still stopping', () => {
    expect(
      poll('running', [
        [seen('pending'), 0],
        [seen('stopping'), 10],
        [seen('stopping'), 15],
      ]),
    ).toMatchObject({ verdict: 'WRONG', back: 2 });
  });

  test.each([
    [179, 0],
    [180, 1],
  ])('counts after %d s although it was never seen up: %d', (seconds, back) => {
    expect(
      poll('running', [
        [seen('stopped'), 0],
        [seen('stopped'), seconds],
      ]).back,
    ).toBe(back);
  });

  test('is looked for only on the way to running', () => {
    expect(
      poll('stopped', [
        [seen('running'), 0],
        [seen('stopping'), 10],
      ]).back,
    ).toBe(0);
  });

  test('is judged from the first look', () => {
    expect(look('running', seen('stopped'), undefined, at(0), 900)).toMatchObject({ back: 0, wasUp: false });
  });
});

test.each([
  ['ok', 'ok', 1],
  ['impaired', 'ok', 0],
  ['ok', 'impaired', 0],
])('an instance whose checks say %s and %s agrees %d times', (system, instance, agreed) => {
  const found = { snapshot: snapshot('running'), checks: { system, instance } };

  expect(look('running', found, undefined, at(0), 900).agreed).toBe(agreed);
});

test('one whose checks are not known is not healthy', () => {
  expect(look('running', { snapshot: snapshot('running') }, undefined, at(0), 900).agreed).toBe(0);
});

test.each<[Poll, string, string]>([
  [
    poll('stopped', [
      [{ snapshot: snapshot('stopping') }, 0],
      [{ snapshot: snapshot('stopping') }, 900],
    ]),
    'stopping',
    'The stop hangs: the instance is still stopping after 15 minutes.',
  ],
  [
    poll('running', [
      [seen('running', 'impaired'), 0],
      [seen('running', 'impaired'), 900],
    ]),
    'running, system check ok, instance check impaired',
    'The instance is still not healthy after 15 minutes (running, system check ok, instance check impaired).',
  ],
  [
    poll('running', [
      [seen('pending'), 0],
      [seen('stopped'), 10],
      [seen('stopped'), 15],
    ]),
    'stopped, system check ok, instance check ok',
    'The start was accepted, but the instance went back to stopped. Start it yourself.',
  ],
])('a wait that failed says what it saw: %#', (found, state, reason) => {
  expect(found.state).toBe(state);
  expect(found.conclusion?.reason).toBe(reason);
});

test('the state of a wait can be read back, whatever its verdict', () => {
  for (const verdict of ['WAITING', 'REACHED', 'OVERDUE', 'WRONG']) {
    const state = { ...poll('stopped', [[seen('stopped'), 0]]), verdict };

    expect(pollSchema.parse(state)).toEqual(state);
  }
  expect(() => pollSchema.parse({ ...poll('stopped', [[seen('stopped'), 0]]), verdict: '' })).toThrow();
});
