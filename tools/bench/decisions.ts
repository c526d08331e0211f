import type { InstanceSeries, StageSettings, WatchingAlarm } from '../../drill/backtest/model';
import { replayInstance } from '../../drill/backtest/replay';
import type { Totals } from '../../drill/backtest/totals';
import { addTo, figuresOf, noTotals } from '../../drill/backtest/totals';
import { comparison } from '../../drill/cloud/cloudwatch/evaluate';
import type { Band } from '../../drill/report/chart';
import { namesJudgedBy } from '../../functions/anomaly/metrics';
import { type FleetFamily, fleetFamilies, fleetOf } from './fleets';
import type { Labelled } from './nab-score';
import type { Server } from './servers-data';

/** A series with an alarm on it, and when it was really in trouble. */
export interface Case {
  name: string;
  /** The row it counts to. */
  row: string;
  times: ArrayLike<number>;
  values: ArrayLike<number>;
  threshold: number;
  troubles: readonly Band[];
  /** What else is known of the machine, at the same times, under names of metrics that are scored. */
  others?: readonly { metric: string; values: ArrayLike<number> }[];
  /** Alarms before it are not counted: there is no past to compare with. */
  countFrom?: number;
}

/** How alarms alone would have done, and what scorer and guards made of them. */
export interface DecisionRow {
  row: string;
  instanceWeeks: number;
  alarms: number;
  falseAlarmsAWeek: number;
  alarmPrecision: number | undefined;
  alarmRecall: string;
  falseRestartsAWeek: number;
  precision: number | undefined;
  recall: string;
  recovered: number;
  vetoes: number;
  vetoesInTrouble: number;
  wrongThresholds: number;
  medianDelayMinutes: number | undefined;
}

/** The alarm of a stage on CPU, as dev has it: three data points of five minutes. */
function alarmAt(threshold: number): WatchingAlarm {
  return {
    name: 'restart-instance-dev-cpu-high',
    metricName: 'CPUUtilization',
    statistic: 'Average',
    periodSeconds: 300,
    threshold,
    words: `≥ ${threshold}`,
    rule: {
      datapointsToAlarm: 3,
      evaluationPeriods: 3,
      treatMissingData: 'missing',
      breaches: comparison('GreaterThanOrEqualToThreshold', threshold)!,
    },
  };
}

const settingsAt = (threshold: number): StageSettings => ({
  stage: 'dev',
  guard: { cooldownMinutes: 15, ladderWindowMinutes: 360, unknownScore: 'escalate' },
  optInTag: 'incident-playbooks:enabled',
  alarms: [alarmAt(threshold)],
});

/** Replays cases; one row for each kind, and one for all. */
export function decide(cases: Iterable<Case>): DecisionRow[] {
  const rows = new Map<string, Totals>();
  const all = noTotals();
  for (const { name, row, times, values, threshold, troubles, others = [], countFrom } of cases) {
    const instance: InstanceSeries = {
      name,
      series: [{ metric: 'CPUUtilization', values }, ...others].map((one) => ({
        metric: one.metric,
        times: Array.from(times),
        values: Array.from(one.values),
      })),
      remarks: [],
    };
    const result = replayInstance(instance, settingsAt(threshold), troubles);
    const counted = countFrom === undefined ? result : onlyFrom(result, countFrom);
    const totals = rows.get(row) ?? noTotals();
    rows.set(row, totals);
    addTo(totals, counted);
    addTo(all, counted);
  }
  const made = [...rows].map(([row, totals]) => rowOf(row, totals));
  return made.length > 1 ? [...made, rowOf('all', all)] : made;
}

type Result = ReturnType<typeof replayInstance>;

function onlyFrom(result: Result, from: number): Result {
  const windows = result.windows?.filter((one) => one.from >= from);
  const lengthMs = result.plots.reduce(
    (sum, { points, stepMs }) => sum + points.filter(([at]) => at >= from).length * stepMs,
    0,
  );
  return {
    ...result,
    lengthMs,
    incidents: result.incidents.filter(({ at }) => at >= from),
    ...(windows ? { windows } : {}),
  };
}

function rowOf(row: string, totals: Totals): DecisionRow {
  const { labelled, decisions } = totals;
  const { instanceWeeks, labelled: found } = figuresOf(totals);
  return {
    row,
    instanceWeeks,
    alarms: labelled.alarms,
    falseAlarmsAWeek: (labelled.alarms - labelled.trueAlarms) / instanceWeeks,
    alarmPrecision: found?.alarmPrecision,
    alarmRecall: `${labelled.windowsWithAlarm}/${labelled.windows}`,
    falseRestartsAWeek: (labelled.restarts - labelled.trueRestarts) / instanceWeeks,
    precision: found?.precision,
    recall: `${labelled.windowsWithRestart}/${labelled.windows}`,
    recovered: decisions.recovered,
    vetoes: labelled.vetoes,
    vetoesInTrouble: labelled.trueVetoes,
    wrongThresholds: decisions['wrong-threshold'],
    medianDelayMinutes: found?.medianDelayMs === undefined ? undefined : found.medianDelayMs / 60_000,
  };
}

/** Generated instances, a row for each family. */
export function* fleetCases(
  seeds: readonly number[],
  families: readonly FleetFamily[] = fleetFamilies,
): Iterable<Case> {
  for (const family of families) {
    for (const { name, times, values, troubles } of fleetOf(family, seeds)) {
      yield { name, row: family.name, times, values, threshold: 80, troubles };
    }
  }
}

/** Labelled single series that are CPU, with an alarm at 80 %. */
export function* cpuCases(series: readonly Labelled[]): Iterable<Case> {
  for (const { name, times, values, windows } of series) {
    if (!name.includes('cpu')) continue;
    const troubles = windows.map(([from, to]) => ({ from: times[from]!, to: times[to]! }));
    yield { name, row: name.replace('.csv', ''), times, values, threshold: 80, troubles };
  }
}

/** The points of history that a server's column has before it is judged. */
const HISTORY_POINTS = 4032;

/** Names for a server's other columns: metrics of EC2 that are scored, less those that a rule of its own reads as network traffic. */
const otherNames = namesJudgedBy('score').filter(
  (name) => !['CPUUtilization', 'NetworkIn', 'NetworkOut'].includes(name),
);

/** A column that takes fewer values than this says nothing. */
const LEAST_VALUES = 10;

/**
 * Columns of servers that behave like CPU: never below 0, never above their full scale of 1 or 100, changing slowly enough for
 * an alarm, at four fifths of their scale at times but not always. The alarm stands at four fifths.
 * @param know whether the server's first other columns are known too, as an instance's other metrics are
 */
export function* serverCases(servers: Iterable<Server>, know: 'its column alone' | 'other columns'): Iterable<Case> {
  for (const { name, group, frame, labels, train } of servers) {
    const from = Math.max(0, train - HISTORY_POINTS);
    const times = frame.times.slice(from);
    const troubles = stretchesOf(labels.slice(from)).map(([a, b]) => ({ from: times[a]!, to: times[b]! }));
    const varied = frame.series.filter(({ values }) => new Set(values.slice(0, train)).size >= LEAST_VALUES);
    for (const { metric, values } of frame.series) {
      const scale = scaleOf(values.slice(0, train));
      if (scale === undefined) continue;
      const percent = values.slice(from).map((value) => (100 * value) / scale);
      yield {
        name: `${name} ${metric}`,
        row: group,
        times,
        values: percent,
        threshold: 80,
        troubles,
        others: know === 'other columns' ? othersOf(metric, varied, from) : [],
        countFrom: frame.times[train]!,
      };
    }
  }
}

function othersOf(alarmed: string, series: Server['frame']['series'], from: number): NonNullable<Case['others']> {
  const rest = series.filter(({ metric }) => metric !== alarmed);
  return otherNames.flatMap((metric, i) => (rest[i] ? [{ metric, values: rest[i].values.slice(from) }] : []));
}

/** The full scale of a column that behaves like CPU, judged by the rows that are not; undefined for any other. */
function scaleOf(values: Float64Array): number | undefined {
  const highest = values.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
  const lowest = values.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const scale = highest <= 1 ? 1 : highest <= 100 ? 100 : undefined;
  if (scale === undefined || lowest < 0 || highest < 0.8 * scale || new Set(values).size < 300) return undefined;
  const share = values.filter((value) => value >= 0.8 * scale).length / values.length;
  return share < 0.2 && memoryOf(values) >= 0.8 ? scale : undefined;
}

/** The correlation of a value with the one before it. */
function memoryOf(values: Float64Array): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  let shared = 0;
  let whole = 0;
  values.forEach((value, i) => {
    whole += (value - mean) ** 2;
    if (i > 0) shared += (value - mean) * (values[i - 1]! - mean);
  });
  return shared / whole;
}

function stretchesOf(labels: Uint8Array): [number, number][] {
  const found: [number, number][] = [];
  labels.forEach((label, i) => {
    if (!label) return;
    if (labels[i - 1]) found.at(-1)![1] = i;
    else found.push([i, i]);
  });
  return found;
}
