import type { Frame } from '../../functions/anomaly/frame';
import { type JudgedAlarm, judge } from '../../functions/anomaly/judge';
import { namesJudgedBy } from '../../functions/anomaly/metrics';
import { seededRandom } from '../../functions/anomaly/random';
import type { ScoreResult } from '../../functions/anomaly/verdict';

/** One kind of verdict, with a judgement of generated metrics that gives it. */
export interface VerdictExample {
  when: string;
  judged: ScoreResult;
}

const stepMs = 300_000;
const day = 288;
const points = 14 * day;
const end = Date.UTC(2026, 2, 16, 9);
/** The points before the end that are judged. */
const recent = 36;

type Metrics = Readonly<Record<string, (i: number, noise: number) => number>>;

/** 14 days of metrics; `i` is 0 at the first point, and negative numbers of points count from the end. */
function frameOf(metrics: Metrics): Frame {
  const random = seededRandom(1);
  const times = Float64Array.from({ length: points }, (_, i) => end - (points - i) * stepMs);
  const series = Object.entries(metrics).map(([metric, value]) => ({
    metric,
    values: times.map((_, i) => value(i, random() + random() - 1)),
  }));
  return { times, series };
}

const load = (i: number, noise: number) => 30 + 8 * Math.sin((2 * Math.PI * i) / day) + 2 * noise;
const ago = (i: number) => points - i;

/** Load that comes and goes without a daily rhythm. */
const restless = (i: number, noise: number) =>
  45 + 14 * Math.sin((2 * Math.PI * ago(i)) / (9 * day) + 1.4) + 10 * Math.sin((2 * Math.PI * i) / 131) + noise;
/** The same load, which turns within an hour to what is high when the other is low. */
const mirrored = (i: number, noise: number) => {
  const share = Math.max(0, Math.min(1, (36 - ago(i)) / 9));
  return share * (100 - restless(i, noise)) + (1 - share) * restless(i, noise);
};
const within = (i: number, from: number, length: number) => ago(i) <= from && ago(i) > from - length;
const traffic = (scale: number) => (i: number, noise: number) => scale * load(i, noise);

function checks(values: Readonly<Record<string, number>> = {}, length = 60): Frame {
  const times = Float64Array.from({ length }, (_, i) => end - (length - i) * 60_000);
  const series = namesJudgedBy('rule').map((metric) => ({
    metric,
    values: times.map((_, i) => (i >= length - 3 ? (values[metric] ?? 0) : 0)),
  }));
  return { times, series };
}

function verdict(metrics: Metrics, alarm: Partial<JudgedAlarm> = {}, status = checks()): ScoreResult {
  const asked = { metrics: ['CPUUtilization'], side: 'high' as const, threshold: 80, ...alarm };
  return judge(frameOf(metrics), status, asked, end - recent * stepMs);
}

const cpu = (value: (i: number, noise: number) => number): Metrics => ({ CPUUtilization: value });
/** High for so many points on some earlier days and for the newest ones. */
const habit = (days: readonly number[], length: number, now: number) =>
  cpu((i, noise) =>
    within(i, now, now) || days.some((one) => within(i, one * day + 6, length)) ? 95 : load(i, noise),
  );
const status = (metric: string) => ({ metrics: [metric] });
const fired = { firedAt: end, now: end };
const hourAgo = { firedAt: end - 3_600_000, now: end };
const someDays = [2, 4, 6, 9, 11];

/** Every kind of sentence that a verdict can have. */
export function verdictExamples(): VerdictExample[] {
  const example = (when: string, judged: ScoreResult): VerdictExample => ({ when, judged });
  return [
    example('a status check fails', verdict(cpu(load), status('StatusCheckFailed'), checks({ StatusCheckFailed: 1 }))),
    example('the alarmed metric is as never before', verdict(cpu((i, noise) => (ago(i) <= 4 ? 97 : 40 + 20 * noise)))),
    example(
      'it is too low, and the alarm is about low values',
      verdict(
        cpu((i, noise) => (ago(i) <= 4 ? 2 : 40 + 20 * noise)),
        { side: 'low', threshold: 5 },
      ),
    ),
    example(
      'it jumped within its usual range',
      verdict(
        cpu((i, noise) => 60 + 25 * Math.sin((2 * Math.PI * ago(i)) / 131 + 0.39) + noise / 2 + (ago(i) <= 1 ? 16 : 0)),
      ),
    ),
    example(
      'it is a little high for hours',
      verdict(
        cpu((i, noise) => 30 + 12 * noise + (ago(i) <= 48 ? 9 : 0)),
        { threshold: 30 },
      ),
    ),
    example(
      'it is high for this time of day',
      verdict(
        cpu(
          (i, noise) =>
            50 + 35 * Math.sin((2 * Math.PI * (ago(i) + day / 4)) / day + Math.PI / 2) + noise + (ago(i) <= 3 ? 12 : 0),
        ),
      ),
    ),
    example(
      'another metric is unusual while the alarmed one is on the side of its alarm',
      verdict({
        CPUUtilization: habit([1, 3, 5, 7, 9, 11], 9, 9).CPUUtilization!,
        DiskWriteBytes: (i, noise) => (ago(i) <= 5 ? 9e6 : 1e5 * load(i, noise)),
      }),
    ),
    example(
      'only all metrics together are unusual',
      verdict({
        CPUUtilization: restless,
        NetworkIn: (i, noise) => 1e5 * mirrored(i, noise),
        NetworkOut: (i, noise) => 3e5 * mirrored(i, noise),
        NetworkPacketsIn: (i, noise) => 1e3 * mirrored(i, noise),
        NetworkPacketsOut: (i, noise) => 3e3 * mirrored(i, noise),
      }),
    ),
    example('nothing is unusual, but the value was reached on fewer than three days', verdict(habit([5, 9], 9, 5))),
    example('a manual start, and nothing is unusual', verdict(cpu(load), { metrics: [] })),
    example('it was as far out before and that ended by itself: watched first', verdict(habit([6], 9, 4), fired)),
    example(
      'automation acted at this hour of an earlier day: watched first',
      verdict(
        cpu((i, noise) => (ago(i) <= 4 ? 97 : load(i, noise))),
        { ...fired, actedAt: [end - 86_400_000] },
      ),
    ),
    example('a habit lasts longer than ever before', verdict(habit(someDays, 4, 9), hourAgo)),
    example(
      'a habit, but a status check fails',
      verdict(habit(someDays, 9, 4), fired, checks({ StatusCheckFailed: 1 })),
    ),
    example('as far out on many days', verdict(habit([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 9, 4), fired)),
    example(
      'the hour is over, and it is no longer than on three earlier days or more',
      verdict(
        cpu((i, noise) => {
          const was = someDays.some((one) => within(i, one * day + 12, 20));
          return within(i, 16, 16) ? 92 + noise + (ago(i) <= 4 ? 3.5 : 0) : was ? 92 + noise + (i % 2) : load(i, noise);
        }),
        hourAgo,
      ),
    ),
    example('a status check that has not failed', verdict(cpu(load), status('StatusCheckFailed'))),
    example('the metric exceeds the threshold nearly all the time', verdict(cpu((_, noise) => 88 + 2 * noise))),
    example('the same, and no other threshold can help', verdict(cpu((_, noise) => 98 + 2 * noise))),
    example(
      'outbound traffic surges alone',
      verdict({
        CPUUtilization: load,
        NetworkIn: traffic(1e5),
        NetworkOut: (i, noise) => (ago(i) <= 6 ? 9e7 : traffic(3e5)(i, noise)),
      }),
    ),
    example('the alarm watches a metric that is not collected', verdict(cpu(load), { metrics: ['mem_used_percent'] })),
    example('no recent data', verdict(cpu((i, noise) => (ago(i) <= recent ? Number.NaN : load(i, noise))))),
    example('a metric that never changes', verdict(cpu(() => 42))),
    example(
      'a status check without recent data',
      verdict(cpu(load), status('StatusCheckFailed'), {
        times: new Float64Array(0),
        series: checks().series.map(({ metric }) => ({ metric, values: new Float64Array(0) })),
      }),
    ),
  ];
}
