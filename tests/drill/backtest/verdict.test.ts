import type { AlarmFigures, BacktestIncident, InstanceResult } from '../../../drill/backtest/model';
import { fleetVerdict, type InstanceVerdict, verdictOf } from '../../../drill/backtest/verdict';

const week = 7 * 86_400_000;
const alarm = (change: Partial<AlarmFigures> = {}): AlarmFigures => ({
  alarmName: 'restart-instance-dev-cpu-high',
  metricName: 'CPUUtilization',
  threshold: 80,
  share: 0,
  max: 71.2,
  p99: 55,
  proposed: 72,
  ...change,
});
const restart = (isTrue?: boolean): BacktestIncident => ({
  at: 0,
  alarmName: 'restart-instance-dev-cpu-high',
  metricName: 'CPUUtilization',
  decision: 'restart',
  action: 'stop-start',
  reason: '',
  score: 0.9,
  ...(isTrue === undefined ? {} : { isTrue }),
});
const result = (change: Partial<InstanceResult> = {}) =>
  verdictOf({
    name: 'i-0a1b2c3d4e5f60718',
    watched: [alarm()],
    lengthMs: 2 * week,
    points: 100,
    incidents: [],
    remarks: [],
    ...change,
  });

test('where nothing fired, an instance is ready, with how far it stayed below', () => {
  expect(result()).toEqual({
    name: 'i-0a1b2c3d4e5f60718',
    readiness: 'ready',
    why: ['No alarm fired: CPUUtilization max 71.2 %, p99 55 %, threshold 80 %.'],
  });
});

test('an alarm that is on most of the time has the wrong threshold: a value, and the tag that sets it', () => {
  expect(result({ watched: [alarm({ share: 0.97, max: 98, p99: 97, proposed: 98 })] })).toEqual({
    name: 'i-0a1b2c3d4e5f60718',
    readiness: 'change',
    why: [
      'CPUUtilization is in ALARM 97 % of the time: the threshold of 80 % is wrong. Suggested: 98 %, which ordinary load hardly reaches.',
    ],
    command:
      'aws ec2 create-tags --resources i-0a1b2c3d4e5f60718 --tags Key=incident-playbooks:cpu-high-percent,Value=98',
  });
});

test('where no threshold can help, that is said, and no tag is proposed', () => {
  const { proposed: _none, ...full } = alarm({ share: 1, max: 100, p99: 100 });
  const verdict = result({ watched: [full] });

  expect(verdict.why[0]).toContain('No higher threshold of CPUUtilization can tell trouble from ordinary load');
  expect(verdict).not.toHaveProperty('command');
});

test.each<[string, Partial<InstanceResult>, string, RegExp]>([
  ['nothing that an alarm watches', { watched: [] }, 'unknown', /No alarm watches its metrics/],
  ['two days of data', { lengthMs: 2 * 86_400_000 }, 'unknown', /^Only 2\.0 days of data; at least a week is needed/],
  [
    'three restarts in two weeks',
    { incidents: [restart(), restart(), restart()] },
    'change',
    /^3 restarts, 1\.5 a week/,
  ],
  ['one restart in two weeks', { incidents: [restart()] }, 'ready', /^1 alarm, 1 restart\.$/],
  [
    'restarts within labelled trouble',
    { incidents: Array(6).fill(restart(true)) },
    'ready',
    /^6 alarms, 6 restarts\.$/,
  ],
  [
    'restarts of which one was false',
    { incidents: [...Array(5).fill(restart(true)), restart(false)] },
    'change',
    /^6 restarts, 3\.0 a week/,
  ],
])('%s: %o', (_title, change, readiness, why) => {
  const verdict = result(change);

  expect(verdict.readiness).toBe(readiness);
  expect(verdict.why[0]).toMatch(why);
});

describe('the fleet', () => {
  const all = (...readiness: InstanceVerdict['readiness'][]): InstanceVerdict[] =>
    readiness.map((one, i) => ({ name: `i-${i}`, readiness: one, why: [] }));

  test.each<[InstanceVerdict[], string]>([
    [all('ready', 'ready'), 'Ready to act, on 2 instances.'],
    [all('ready', 'change', 'unknown'), 'Not ready to act: 1 of 3 instances needs a change first.'],
    [all('change', 'change'), 'Not ready to act: 2 of 2 instances need a change first.'],
    [all('ready', 'unknown'), 'Not known: 1 of 2 instances could not be judged.'],
  ])('%j: %s', (verdicts, sentence) => {
    expect(fleetVerdict(verdicts).sentence).toBe(sentence);
  });

  test.each([
    [{ restarts: 10, trueRestarts: 9 }, 'ready', /^Precision 90 %: 9 of 10 restarts .* this is good enough\.$/],
    [{ restarts: 10, trueRestarts: 5 }, 'change', /^Precision 50 %: .* not good enough: each of the others/],
    [{ restarts: 2, trueRestarts: 1 }, 'ready', /^Precision cannot be judged: 1 of 2 restarts/],
  ])('a precision of %j is judged, with the reason', (labelled, readiness, sentence) => {
    const verdict = fleetVerdict(all('ready'), labelled);

    expect(verdict.readiness).toBe(readiness);
    expect(verdict.precision).toMatch(sentence);
  });
});
