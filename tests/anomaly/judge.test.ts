import { judge } from '../../functions/anomaly/judge';
import { frameOf, STEP_MS } from './example-frames';

const DAY = 288;
const LENGTH = 5 * DAY;
const RECENT = 36;
/** Hours that go up and down alike every day. */
const daily = (middle: number, instead: Record<number, number> = {}) =>
  Array.from({ length: LENGTH }, (_, i) => instead[i] ?? middle + (i % 12) / 3);
const since = (frame: ReturnType<typeof frameOf>) => frame.times[LENGTH - RECENT]!;
const none = frameOf({});
const last = (value: number, points = 3) =>
  Object.fromEntries(Array.from({ length: points }, (_, i) => [LENGTH - 1 - i, value]));

test('a metric that is not collected for scores decides nothing, though it stands out', () => {
  const frame = frameOf({ CPUUtilization: daily(40), QueueDepth: daily(5, last(500)) });
  expect(judge(frame, none, ['CPUUtilization'], since(frame))).toMatchObject({ verdict: 'veto' });
  expect(judge(frame, none, ['QueueDepth'], since(frame))).toMatchObject({ verdict: 'unknown' });
});

test('what was odd before the judged stretch is no reason to act', () => {
  const frame = frameOf({ CPUUtilization: daily(40, { [LENGTH - RECENT - 5]: 95 }) });
  expect(judge(frame, none, ['CPUUtilization'], since(frame)).verdict).toBe('veto');
  expect(judge(frame, none, ['CPUUtilization'], frame.times[LENGTH - RECENT - 5]!).verdict).toBe('act');
});

test('a stretch that begins after all data is unknown', () => {
  const frame = frameOf({ CPUUtilization: daily(40) });
  expect(judge(frame, none, ['CPUUtilization'], frame.times[LENGTH - 1]! + STEP_MS).verdict).toBe('unknown');
});

test('status checks are judged on their own clock, from the same time on', () => {
  const frame = frameOf({ CPUUtilization: daily(40) });
  const failed = frameOf({ StatusCheckFailed: daily(0).map((_, i) => Number(i === LENGTH - 2)) });
  const before = frameOf({ StatusCheckFailed: daily(0).map((_, i) => Number(i < 10)) });
  expect(judge(frame, failed, ['StatusCheckFailed'], since(frame)).verdict).toBe('act');
  expect(judge(frame, before, ['StatusCheckFailed'], since(frame)).verdict).toBe('veto');
});

test('another metric counts only at moments at which the alarmed one is on the side of its alarm', () => {
  const at = (phase: number) => {
    const frame = frameOf({
      CPUUtilization: daily(40).map((_, i) => 40 + ((i + phase) % 12) / 3),
      DiskWriteBytes: daily(100, last(9000, 1)),
    });
    return judge(frame, none, { metrics: ['CPUUtilization'], side: 'high', detector: 'novelty-gap' }, since(frame));
  };
  // The last point is the highest of its hour, then the lowest.
  expect(at(0)).toMatchObject({ verdict: 'act', metric: 'DiskWriteBytes' });
  expect(at(1)).toMatchObject({ verdict: 'veto', metric: 'CPUUtilization' });
});

test('a threshold is wrong only for an alarm on one metric, whose side is known', () => {
  const frame = frameOf({ CPUUtilization: daily(40), NetworkIn: daily(900) });
  const of = (metrics: string[], side: 'high' | 'low' | 'either', threshold?: number) =>
    judge(frame, none, { metrics, side, threshold }, since(frame)).verdict;
  expect(of(['CPUUtilization'], 'high', 20)).toBe('wrong-threshold');
  expect(of(['CPUUtilization'], 'high', 42)).toBe('veto');
  expect([of(['CPUUtilization'], 'either', 20), of(['CPUUtilization'], 'either', 60)]).toEqual(['veto', 'veto']);
  expect([of(['NetworkIn'], 'high', 800), of(['NetworkIn'], 'low', 60)]).toEqual(['wrong-threshold', 'veto']);
  expect(of(['CPUUtilization', 'NetworkIn'], 'high', 20)).toBe('veto');
  expect(of(['CPUUtilization'], 'high')).toBe('veto');
});

test('an alarm is waited for where its metric was as far out before, in steps of its own clock', () => {
  const blocks = Object.fromEntries([300, 900].flatMap((from) => Array.from({ length: 9 }, (_, i) => [from + i, 97])));
  const frame = frameOf({ CPUUtilization: daily(40, { ...blocks, ...last(97) }) });
  const now = frame.times[LENGTH - 1]! + STEP_MS;
  const asked = { metrics: ['CPUUtilization'], side: 'high', firedAt: now - 2 * STEP_MS, now } as const;
  const found = judge(frame, none, asked, since(frame));
  expect(found.waitSeconds).toBe(300);
  expect(found.explanation).toContain('for 15 minutes; in 14 days it was so 2 times before, for up to 45 minutes');
  expect(judge(frame, none, ['CPUUtilization'], since(frame)).waitSeconds).toBeUndefined();
});

test('all metrics together are looked at where two or more are known', () => {
  const frame = frameOf({
    CPUUtilization: daily(40, last(97)),
    NetworkIn: daily(900, last(20)),
    NetworkOut: daily(7).map(() => 7),
  });
  const reasons = (frame_: ReturnType<typeof frameOf>) =>
    judge(frame_, none, ['CPUUtilization'], since(frame_)).reasons;
  expect(reasons(frame)).toHaveLength(4);
  expect(reasons(frameOf({ CPUUtilization: daily(40, last(97)), NetworkOut: daily(7).map(() => 7) }))).toHaveLength(2);
});
