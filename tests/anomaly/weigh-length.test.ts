import type { Stretch } from '../../functions/anomaly/stretch';
import type { ScoreResult } from '../../functions/anomaly/verdict';
import { type LengthFacts, type Waiting, waitingOf, weighByLength } from '../../functions/anomaly/weigh-length';

const result = (verdict: ScoreResult['verdict']): ScoreResult => ({
  verdict,
  score: 0.4,
  threshold: 0.21,
  detector: 'novelty-gap',
  metric: 'CPUUtilization',
  view: 'value',
  value: 95.5,
  nearestNormal: 60,
  explanation: 'CPUUtilization 95.5 % is what it is.',
  reasons: [],
});
const stretch = (over: Partial<Stretch> = {}): Stretch => ({
  metric: 'CPUUtilization',
  level: 91,
  side: 'high',
  minutes: 15,
  longestMinutes: 60,
  earlier: 5,
  days: 5,
  isDaily: false,
  typicalMinutes: 45,
  isLonger: false,
  ...over,
});
const open: Waiting = { is: 'open', minutes: 0, isBackAtThisHour: false };
const over: Waiting = { ...open, is: 'over', minutes: 60 };
const weigh = (verdict: ScoreResult['verdict'], facts: Partial<LengthFacts>) =>
  weighByLength(result(verdict), {
    alarmed: ['CPUUtilization'],
    rules: [],
    stretches: [stretch()],
    isOddTogether: false,
    waiting: open,
    ...facts,
  });
const failing = { metric: 'StatusCheckFailed', verdict: 'failed' as const, value: 1, sentence: 'a check failed' };

describe('a veto', () => {
  test('waits while the habit is younger than it usually gets', () => {
    expect(weigh('veto', {})).toMatchObject({ verdict: 'veto', waitSeconds: 300 });
  });
  test('counts the age of the habit from when the alarm fired', () => {
    const waiting = { ...open, minutes: 30 };
    expect(weigh('veto', { stretches: [stretch({ minutes: 70 })], waiting }).waitSeconds).toBe(300);
    expect(weigh('veto', { stretches: [stretch({ minutes: 75 })], waiting }).waitSeconds).toBeUndefined();
  });
  test.each([
    ['that comes nearly every day', { stretches: [stretch({ isDaily: true })] }],
    ['that was as long as usual when the alarm fired', { stretches: [stretch({ minutes: 45 })] }],
    ['whose hour is over', { waiting: over }],
    ['of a manual run', { waiting: undefined }],
    ['of a metric that was never so before', { stretches: [] }],
    ['of two metrics, one of which was never so before', { alarmed: ['CPUUtilization', 'NetworkOut'] }],
    ['of two metrics, one of which comes nearly every day', { stretches: [stretch(), stretch({ isDaily: true })] }],
    ['of no alarmed metric', { alarmed: [] }],
    ['while the status checks pass, after an hour', { rules: [{ ...failing, verdict: 'passed' }], waiting: over }],
  ] satisfies [string, Partial<LengthFacts>][])('%s is given at once', (_what, facts) => {
    expect(weigh('veto', facts)).toEqual(result('veto'));
  });
  test('does not stand against a stretch that is longer than all before it', () => {
    const longer = weigh('veto', { stretches: [stretch({ minutes: 120, isLonger: true })], waiting: over });
    expect(longer.verdict).toBe('act');
    expect(longer.explanation).toBe(
      'CPUUtilization has been at 91 % or more for 120 minutes, which is longer than ever before in 14 days (60 minutes).',
    );
  });
  test('does not stand while a status check fails', () => {
    expect(weigh('veto', { rules: [failing] })).toMatchObject({ verdict: 'act', explanation: 'a check failed.' });
  });
});

describe('an act', () => {
  test('waits where it was so before and ended by itself, and says so', () => {
    const found = weigh('act', {});
    expect(found).toMatchObject({ verdict: 'act', waitSeconds: 300 });
    expect(found.explanation).toBe(
      'CPUUtilization has been at 91 % or more for 15 minutes; in 14 days it was so 5 times before, for up to 60 minutes, and ended by itself.',
    );
  });
  test('says that it was so once', () => {
    expect(weigh('act', { stretches: [stretch({ earlier: 1 })] }).explanation).toContain('it was so once before, for');
  });
  test('waits where automation acted at this hour before, and says why', () => {
    const waiting = { ...open, isBackAtThisHour: true };
    const found = weigh('act', { stretches: [], waiting });
    expect(found).toMatchObject({ verdict: 'act', waitSeconds: 300 });
    expect(found.explanation).toBe(
      'CPUUtilization 95.5 % is what it is; automation acted at about this time on an earlier day, so this may be a job on a schedule.',
    );
    expect(weigh('act', { stretches: [], waiting: { ...waiting, is: 'over' } })).toEqual(result('act'));
  });
  test('waits at the hour of an earlier action also where all metrics together are as they never were', () => {
    const waiting = { ...open, isBackAtThisHour: true };
    expect(weigh('act', { isOddTogether: true, waiting })).toMatchObject({ verdict: 'act', waitSeconds: 300 });
  });
  test.each([
    ['of what was never so before', { stretches: [] }],
    ['while a status check fails', { rules: [failing] }],
    ['of a stretch that is longer than all before it', { stretches: [stretch({ isLonger: true })] }],
    ['of a manual run', { waiting: undefined }],
    ['where all metrics together are as they never were', { isOddTogether: true }],
    ['after an hour, where all metrics together are as they never were', { isOddTogether: true, waiting: over }],
    ['after an hour, of what came on two days', { stretches: [stretch({ days: 2 })], waiting: over }],
    [
      'after an hour, of two metrics, one of which was so on two days',
      { stretches: [stretch(), stretch({ metric: 'NetworkOut', days: 2 })], waiting: over },
    ],
  ] satisfies [string, Partial<LengthFacts>][])('%s is done at once', (_what, facts) => {
    expect(weigh('act', facts)).toEqual(result('act'));
  });
  test('becomes a veto after an hour, of what came on three days and is no longer than then', () => {
    const stretches = [stretch({ days: 3, minutes: 75 })];
    expect(weigh('act', { stretches, waiting: over })).toMatchObject({ verdict: 'veto' });
  });
});

test.each(['escalate', 'unknown', 'wrong-threshold'] as const)('%s stays as it is', (verdict) => {
  expect(weigh(verdict, { stretches: [stretch({ isLonger: true })] })).toEqual(result(verdict));
  expect(weigh(verdict, {})).toEqual(result(verdict));
});

describe('waiting', () => {
  const hour = 3_600_000;
  test('ends after an hour, and counts whole data points', () => {
    expect(waitingOf({ firedAt: 0, now: hour - 1 }, 300_000)).toMatchObject({ is: 'open', minutes: 55 });
    expect(waitingOf({ firedAt: 0, now: hour }, 300_000)).toMatchObject({ is: 'over', minutes: 60 });
  });
  test('is for alarms alone', () => {
    expect(waitingOf({ now: hour }, 300_000)).toBeUndefined();
    expect(waitingOf({ firedAt: hour }, 300_000)).toBeUndefined();
  });
  test('counts from when the alarm fired, which is no beginning of a day, and by no step where there is none', () => {
    expect(waitingOf({ firedAt: 9 * hour, now: 9.5 * hour }, 300_000)).toEqual({
      is: 'open',
      minutes: 30,
      isBackAtThisHour: false,
    });
    expect(waitingOf({ firedAt: 9 * hour, now: 9.5 * hour }, 0)?.minutes).toBe(0);
  });
  test('one action at this hour is enough', () => {
    const firedAt = 40 * hour;
    const of = (...actedAt: number[]) => waitingOf({ firedAt, now: firedAt, actedAt }, 300_000)?.isBackAtThisHour;
    expect(of(firedAt - 12 * hour, firedAt - 24 * hour)).toBe(true);
    expect(of(firedAt - 12 * hour, firedAt - 30 * hour)).toBe(false);
  });
  test.each([
    [24 * hour, true],
    [7 * 24 * hour, true],
    [23 * hour, true],
    [25 * hour, true],
    [22.75 * hour, true],
    [25.25 * hour, true],
    [25.26 * hour, false],
    [26 * hour, false],
    [12 * hour, false],
    [0.5 * hour, false],
  ])('an action %i ms before was at this hour of an earlier day: %s', (before, isBack) => {
    expect(waitingOf({ firedAt: before, now: before, actedAt: [0] }, 300_000)?.isBackAtThisHour).toBe(isBack);
  });
});
