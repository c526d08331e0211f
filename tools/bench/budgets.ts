import type { RawSeries } from '../../functions/anomaly/collect';
import { noveltyGap } from '../../functions/anomaly/detectors/novelty-gap';
import type { Frame } from '../../functions/anomaly/frame';
import { findJoint } from '../../functions/anomaly/joint-finding';
import { judge } from '../../functions/anomaly/judge';
import { metricNames, namesJudgedBy } from '../../functions/anomaly/metrics';
import { preprocess } from '../../functions/anomaly/preprocess';
import { seededRandom } from '../../functions/anomaly/random';
import { scoreMetric } from '../../functions/anomaly/score';
import { suspect } from '../../functions/patrol/suspect';
import { bell } from './waves';

/** What a piece of work costs in processor time, all threads together, and what it may cost. */
export interface BudgetRow {
  what: string;
  /** The first time in this process: as in a function that has just started. */
  firstMs: number;
  /** The median of those after it. */
  againMs: number;
  budgetMs: number;
}

export interface BudgetsFound {
  rows: BudgetRow[];
  /** The most memory that this process has held, in bytes. */
  peakBytes: number;
}

const minute = 60_000;
const stepMs = 5 * minute;
const points = 4032;
const end = Date.UTC(2026, 0, 15);
/** The judged stretch of an alarm, and that of a patrol. */
const lookback = 3 * 60 * minute;
const patrolled = 2 * 60 * minute;
const repeats = 5;

/** 14 days of a metric with a daily rhythm, another one for each seed. */
function raw(metric: string, seed: number): RawSeries {
  const random = seededRandom(seed);
  const shift = random();
  const times = Array.from({ length: points }, (_, i) => end - (points - i) * stepMs);
  const values = times.map((_, i) => 40 + 15 * Math.sin(2 * Math.PI * (i / 288 + shift)) + bell(random));
  return { metric, times, values };
}

const checksOf = (ms: number, length: number): Frame => ({
  times: Float64Array.from({ length }, (_, i) => end - (length - i) * ms),
  series: namesJudgedBy('rule').map((metric) => ({ metric, values: new Float64Array(length) })),
});

const frameOf = (names: readonly string[]): Frame => preprocess(names.map(raw), { stepMs });

function judgeAlarm(frame: Frame, checks: Frame): void {
  const alarm = { metrics: ['CPUUtilization'], side: 'high' as const, threshold: 80, firedAt: end, now: end };
  judge(frame, checks, alarm, end - lookback);
}

/** The names of AWS/EC2 end at 13: so many are looked at as a judgement does, each metric alone and all together. */
function judgeMany(frame: Frame): void {
  const from = points - lookback / stepMs;
  for (const one of frame.series) scoreMetric(noveltyGap, frame.times, one, from);
  findJoint(frame, from);
}

function patrol(instances: readonly RawSeries[][]): void {
  const settings = { PATROL_SCORE: 0.5, PATROL_HORIZON_HOURS: 6 };
  for (const one of instances) suspect(preprocess(one, { stepMs }), end - patrolled, { CPUUtilization: 80 }, settings);
}

function measure(what: string, budgetMs: number, work: () => void, times = repeats): BudgetRow {
  const all = Array.from({ length: times + 1 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  const [firstMs = 0, ...again] = all;
  return { what, budgetMs, firstMs, againMs: again.sort((a, b) => a - b)[again.length >> 1] ?? firstMs };
}

/** Measures the budgets; to be the first work of a process, so that the first judgement is a cold one. */
export function measureBudgets(): BudgetsFound {
  const own = frameOf(namesJudgedBy('score'));
  const checks = checksOf(minute, 1440);
  const many = frameOf(Array.from({ length: 40 }, (_, i) => `m${i + 1}`));
  const zeros = (one: RawSeries) => ({ ...one, values: one.values.map(() => 0) });
  const isCheck = (metric: string) => metric.startsWith('StatusCheck');
  const fleet = Array.from({ length: 40 }, (_, k) =>
    metricNames.map((metric, i) => (isCheck(metric) ? zeros(raw(metric, i)) : raw(metric, 100 * k + i))),
  );
  const rows = [
    measure('judgement of an alarm: the 13 metrics of AWS/EC2, 14 days', 300, () => judgeAlarm(own, checks)),
    measure('40 metrics, 14 days', 1000, () => judgeMany(many)),
    measure('patrol batch: 40 instances, 13 metrics, 14 days', 10_000, () => patrol(fleet), 1),
  ];
  return { rows, peakBytes: process.resourceUsage().maxRSS * 1024 };
}
