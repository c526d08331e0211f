import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { replayInstance } from '../../drill/backtest/replay';
import { comparison } from '../../drill/cloud/cloudwatch/evaluate';
import { findWrongThreshold } from '../../functions/anomaly/alarm-threshold';
import { judge } from '../../functions/anomaly/judge';
import { seededRandom } from '../../functions/anomaly/random';
import { thresholdOf } from '../../functions/anomaly/side';
import { loadNab } from '../../tools/bench/nab-data';
import { frameOf, STEP_MS, timesOf } from './example-frames';

const day = 288;

/** Two weeks around 92 %, then half a day of dips below the threshold and back: the alarm fires at each return. */
function nearlyAlwaysHigh(): number[] {
  const random = seededRandom(3);
  const values = Array.from({ length: 14 * day }, () => 92 + 4 * (random() + random() - 1));
  for (const [from, length, level] of [
    [12 * day, 60, 20],
    [12 * day + 70, 8, 77],
    [12 * day + 90, 30, 45],
  ] as const) {
    for (let i = from; i < from + length; i++) values[i] = level + 3 * random();
  }
  return values;
}

function settings(threshold: number) {
  const rule = {
    datapointsToAlarm: 3,
    evaluationPeriods: 3,
    treatMissingData: 'missing' as const,
    breaches: comparison('GreaterThanOrEqualToThreshold', threshold)!,
  };
  const alarm = { name: 'restart-instance-dev-cpu-high', metricName: 'CPUUtilization', statistic: 'Average' };
  return {
    stage: 'dev',
    guard: { cooldownMinutes: 15, ladderWindowMinutes: 360, unknownScore: 'escalate' as const },
    optInTag: 'incident-playbooks:enabled',
    alarms: [{ ...alarm, periodSeconds: 300, threshold, words: `≥ ${threshold}`, rule }],
  };
}
const replayed = (times: ArrayLike<number>, values: ArrayLike<number>) =>
  replayInstance(
    {
      name: 'i-1',
      series: [{ metric: 'CPUUtilization', times: Array.from(times), values: Array.from(values) }],
      remarks: [],
    },
    settings(80),
  ).incidents;

describe('a metric that stands above its threshold nearly all the time', () => {
  const values = nearlyAlwaysHigh();
  const incidents = replayed(timesOf(values.length), values);

  test('has a wrong threshold: no return to its level restarts anything', () => {
    const later = incidents.filter(({ at }) => at > timesOf(values.length)[4 * day]!);
    expect(later.map(({ decision }) => decision)).toEqual(['wrong-threshold', 'wrong-threshold', 'wrong-threshold']);
  });
  test('is told so, with a threshold that would do', () => {
    expect(incidents.at(-1)!.reason).toMatch(
      /^CPUUtilization was at or above the alarm's threshold of 80 % in 9[78] % of the data points of 14 days, so this alarm cannot tell trouble from ordinary load: set its threshold to 9[5-7] %, which ordinary load hardly reaches\.$/,
    );
  });
  test('never justifies a restart by a value that is too low', () => {
    const frame = frameOf({ CPUUtilization: values.slice(0, 12 * day + 82) });
    const asked = { metrics: ['CPUUtilization'], side: 'high' as const };
    const { verdict, explanation } = judge(frame, frameOf({}), asked, frame.times.at(-1)! - 36 * STEP_MS);
    expect({ verdict, low: /below|lower/.test(explanation) && verdict === 'act' }).toEqual({
      verdict: 'veto',
      low: false,
    });
  });
});

/** A series of the benchmark's, where its folder is there; it is not part of the project. */
const folder = join(__dirname, '../../../shared/nab');
const file = 'ec2_cpu_utilization_825cc2.csv';
const isThere = existsSync(join(folder, file));
(isThere ? test : test.skip)(
  `${file}${isThere ? '' : ' is not measured: its folder is not there'}: nothing restarts it`,
  () => {
    const series = loadNab(folder)!.find(({ name }) => name === file)!;
    const incidents = replayed(series.times, series.values);
    expect(incidents.length).toBeGreaterThan(3);
    expect(incidents.filter(({ decision }) => decision === 'restart')).toEqual([]);
    expect(incidents.filter(({ decision }) => decision === 'wrong-threshold').length).toBeGreaterThan(2);
  },
);

describe('a wrong threshold', () => {
  const find = (values: number[], threshold: number, side: 'high' | 'low' = 'high', metric = 'CPUUtilization') =>
    findWrongThreshold(timesOf(values.length), { metric, values: Float64Array.from(values) }, values.length, {
      threshold,
      side,
    });
  const around = (level: number, days: number) =>
    Array.from({ length: days * day }, (_, i) => level + ((i * 7919) % 41) / 10 - 2);

  test('is none where the metric is beyond it less than nine tenths of the time', () => {
    const values = around(92, 5).map((value, i) => (i % 8 === 0 ? 40 : value));
    expect(find(values, 80)).toBeUndefined();
  });
  test('is not seen before three days are known', () => {
    expect(find(around(92, 2), 80)).toBeUndefined();
    expect(find(around(92, 4), 80)).toMatchObject({ proposed: 95, share: 1 });
  });
  test('of an alarm about low values mirrors one about high ones', () => {
    expect(find(around(8, 4), 20, 'low')).toMatchObject({ proposed: 6 - 1, side: 'low' });
  });
  test('has no better one where the metric stands at its top', () => {
    const { proposed, sentence } = find(around(98, 4), 80)!;
    expect(proposed).toBeUndefined();
    expect(sentence).toContain('let the alarm watch another metric');
  });
  test('of bytes is proposed in two digits', () => {
    expect(find(around(5_120_000, 4), 1_000_000, 'high', 'NetworkIn')).toMatchObject({ proposed: 5_200_000 });
  });
});

test.each([
  ['was greater than or equal to the threshold (80.0)', 'metric', 80],
  ['were less than the threshold (-2.5)', undefined, -2.5],
  ['was greater than the threshold (1.0E9)', 'metric', 1e9],
  ['was greater than the upper thresholds [4.2]', 'anomaly-band', undefined],
  ['was greater than the threshold (3.0)', 'metric-math', undefined],
  ['words of a person', 'metric', undefined],
])('the threshold of "%s" (%s) is %s', (reason, kind, expected) => {
  expect(thresholdOf({ reason, kind })).toBe(expected);
});
