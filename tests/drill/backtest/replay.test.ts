import { backtest } from '../../../cli/backtest/run';
import { sampleFleet } from '../../../cli/backtest/sample';
import type { StageSettings } from '../../../drill/backtest/model';
import { replayInstance } from '../../../drill/backtest/replay';
import { figuresOf } from '../../../drill/backtest/totals';
import { comparison } from '../../../drill/cloud/cloudwatch/evaluate';

const stepMs = 300_000;
const day = 288;
const settings: StageSettings = {
  stage: 'dev',
  guard: { cooldownMinutes: 15, ladderWindowMinutes: 360, unknownScore: 'escalate' },
  optInTag: 'incident-playbooks:enabled',
  alarms: [
    {
      name: 'restart-instance-dev-cpu-high',
      metricName: 'CPUUtilization',
      statistic: 'Average',
      periodSeconds: 300,
      threshold: 80,
      words: '≥ 80',
      rule: {
        datapointsToAlarm: 3,
        evaluationPeriods: 3,
        treatMissingData: 'missing',
        breaches: comparison('GreaterThanOrEqualToThreshold', 80)!,
      },
    },
  ],
};

/** Ten days of a calm CPU, changed where a test says so. */
function cpu(change: (at: number) => number | undefined) {
  const times = Array.from({ length: 10 * day }, (_, at) => at * stepMs);
  const values = times.map((_, at) => change(at) ?? 20 + ((at * 7919) % 97) / 10);
  return { name: 'i-1', series: [{ metric: 'CPUUtilization', times, values }], remarks: [] };
}

test('an alarm on what was never seen before is a restart', () => {
  const { incidents } = replayInstance(
    cpu((at) => (at >= 9 * day && at < 9 * day + 20 ? 97 + (at % 3) : undefined)),
    settings,
  );

  expect(incidents).toMatchObject([{ at: (9 * day + 3) * stepMs, decision: 'restart', action: 'stop-start' }]);
});

test('an alarm on what comes every night is vetoed, once it is known', () => {
  const { incidents } = replayInstance(
    cpu((at) => (at % day < 8 ? 88 + ((at * 31) % 70) / 10 : undefined)),
    settings,
  );

  expect(incidents.at(-1)).toMatchObject({ decision: 'veto', reason: expect.stringContaining('is not unusual') });
});

test('an alarm soon after a restart waits for the cooldown, and a later one climbs the ladder', () => {
  const burst = (at: number, from: number) => at >= 9 * day + from && at < 9 * day + from + 3;
  const { incidents } = replayInstance(
    cpu((at) => (burst(at, 0) || burst(at, 40) ? 97 + (at % 3) : undefined)),
    settings,
  );
  const soon = replayInstance(
    cpu((at) => (burst(at, 0) || burst(at, 4) ? 97 + (at % 3) : undefined)),
    {
      ...settings,
      guard: { ...settings.guard, cooldownMinutes: 30 },
    },
  );

  expect(incidents).toMatchObject([
    { decision: 'restart' },
    { decision: 'escalate', reason: expect.stringContaining('escalation ladder is exhausted') },
  ]);
  expect(soon.incidents).toMatchObject([{ decision: 'restart' }, { decision: 'cooldown' }]);
});

test('what comes after an alarm changes nothing about it', () => {
  const whole = replayInstance(
    cpu((at) => (at >= 5 * day && at < 5 * day + 20 ? 97 : at > 6 * day ? 99 : undefined)),
    settings,
  );
  const cut = cpu((at) => (at >= 5 * day && at < 5 * day + 20 ? 97 : undefined));
  const short = replayInstance(
    {
      ...cut,
      series: cut.series.map(({ metric, times, values }) => ({
        metric,
        times: times.slice(0, 6 * day),
        values: values.slice(0, 6 * day),
      })),
    },
    settings,
  );

  expect(whole.incidents[0]).toEqual(short.incidents[0]);
});

test.each([
  ['no data', [], []],
  ['one point', [0], [99]],
  ['only NaN', [0, stepMs, 2 * stepMs], [Number.NaN, Number.NaN, Number.NaN]],
])('an instance with %s has no incident', (_title, times, values) => {
  const { incidents } = replayInstance(
    { name: 'i-1', series: [{ metric: 'CPUUtilization', times, values }], remarks: [] },
    settings,
  );

  expect(incidents).toEqual([]);
});

test('metrics that no alarm watches are remarked upon', () => {
  const { remarks } = replayInstance(
    { name: 'i-1', series: [{ metric: 'Latency', times: [0, 1], values: [1, 2] }], remarks: [] },
    settings,
  );

  expect(remarks).toEqual(['no alarm of the stage watches its metrics']);
});

test('with labels each alarm is true or false, and each window found or not', () => {
  const windows = [
    { from: 9 * day * stepMs, to: (9 * day + 24) * stepMs },
    { from: 0, to: 10 * stepMs },
  ];
  const { incidents, windows: found } = replayInstance(
    cpu((at) => (at >= 9 * day && at < 9 * day + 20 ? 97 + (at % 3) : undefined)),
    settings,
    windows,
  );

  expect(incidents).toMatchObject([{ isTrue: true }]);
  expect(found).toEqual([
    { ...windows[0], alarmAt: (9 * day + 3) * stepMs, restartAt: (9 * day + 3) * stepMs },
    windows[1],
  ]);
});

test('the figures of a fleet are those of its instances', async () => {
  const { source, labels } = sampleFleet(6);

  const result = await backtest(source, settings, { labels });

  const figures = figuresOf(result.totals);
  const restarts = result.instances
    .flatMap(({ incidents }) => incidents)
    .filter(({ decision }) => decision === 'restart');
  const wrong = restarts.filter(({ isTrue }) => !isTrue).length;
  expect(figures.instanceWeeks).toBeCloseTo(12);
  expect(figures.restarts).toBe(restarts.length);
  expect(figures.labelled?.falseRestartsPerWeek).toBeCloseTo(wrong / 12);
  expect(figures.labelled?.precision).toBeCloseTo((restarts.length - wrong) / restarts.length);
  expect(figures.labelled?.recall).toBe(1);
  expect(figures.labelled?.medianDelayMs).toBe(15 * 60_000);
});

test('it can be stopped, and has what there is', async () => {
  const { source } = sampleFleet(50);
  const seen: number[] = [];

  const result = await backtest(source, settings, {
    onProgress: (done) => seen.push(done),
    isStopped: () => seen.length === 3,
  });

  expect(result.instances).toHaveLength(3);
  expect(result.expected).toBe(50);
});

test('only the plots of a few instances are kept, those with most incidents', async () => {
  const { source } = sampleFleet(30);

  const { instances } = await backtest(source, settings);

  const drawn = instances.filter(({ plots }) => plots);
  const rest = instances.filter(({ plots }) => !plots);
  expect(drawn.length).toBe(24);
  expect(Math.min(...drawn.map(({ incidents }) => incidents.length))).toBeGreaterThanOrEqual(
    Math.max(...rest.map(({ incidents }) => incidents.length)),
  );
});
