import { formatValue } from '../../functions/anomaly/metrics';
import { alarmKinds } from '../../functions/enrolment/alarm-kinds';
import { plural } from '../report/words';
import type { AlarmFigures, InstanceResult } from './model';

/** Whether automation may act: yes, not before something is changed, or nobody can tell from these metrics. */
export type Readiness = 'ready' | 'change' | 'unknown';

/** What a backtest says of an instance, with what to change. */
export interface InstanceVerdict {
  name: string;
  readiness: Readiness;
  why: string[];
  /** The tag that sets the suggested threshold. */
  command?: string;
}

export interface FleetVerdict {
  readiness: Readiness;
  sentence: string;
  /** Whether the precision is good enough, and why; undefined without labels. */
  precision?: string;
}

const weekMs = 7 * 86_400_000;
/** An alarm that stands longer than this share of the time tells nothing apart. */
const mostShare = 0.1;
/** Each restart is minutes without the instance: more than one a week is a job for a person. */
const mostRestartsPerWeek = 1;
/** Of five restarts one may hit a healthy instance. With fewer than five nobody can tell. */
const leastPrecision = 0.8;
const leastRestarts = 5;

type Judged = Omit<InstanceResult, 'plots'>;

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Judges one instance. Pure. */
export function verdictOf({ name, watched, incidents, lengthMs }: Judged): InstanceVerdict {
  if (watched.length === 0)
    return { name, readiness: 'unknown', why: ['No alarm watches its metrics, so nothing was judged.'] };
  const wrong = watched.filter(({ share }) => share > mostShare);
  if (wrong.length > 0) return { name, readiness: 'change', why: wrong.map(tooLong), ...commandFor(name, wrong) };
  if (lengthMs < weekMs) {
    const days = (lengthMs / 86_400_000).toFixed(1);
    const what = incidents.length === 0 ? quiet(watched) : `${plural(incidents.length, 'alarm')}.`;
    return { name, readiness: 'unknown', why: [`Only ${days} days of data; at least a week is needed. ${what}`] };
  }
  const restarts = incidents.filter(({ decision }) => decision === 'restart');
  const perWeek = restarts.length / (lengthMs / weekMs);
  const isFalse = restarts.some(({ isTrue }) => isTrue === false);
  const isUnlabelled = restarts.every(({ isTrue }) => isTrue === undefined);
  if (perWeek > mostRestartsPerWeek && (isFalse || isUnlabelled)) {
    const often = watched.filter((one) => restarts.some(({ alarmName }) => alarmName === one.alarmName));
    const what = `${plural(restarts.length, 'restart')}, ${perWeek.toFixed(1)} a week: find the cause, or raise the threshold.`;
    return { name, readiness: 'change', why: [what, ...often.map(suggestion)], ...commandFor(name, often) };
  }
  const what =
    incidents.length === 0
      ? quiet(watched)
      : `${plural(incidents.length, 'alarm')}, ${plural(restarts.length, 'restart')}.`;
  return { name, readiness: 'ready', why: [what] };
}

const tooLong = (one: AlarmFigures) =>
  `${one.metricName} is in ALARM ${percent(one.share)} of the time: the threshold of ${formatValue(one.threshold, one.metricName)} is wrong. ${suggestion(one)}`;

function suggestion({ metricName, threshold, proposed }: AlarmFigures): string {
  if (proposed === undefined || proposed <= threshold)
    return `No higher threshold of ${metricName} can tell trouble from ordinary load: let the alarm watch another metric.`;
  return `Suggested: ${formatValue(proposed, metricName)}, which ordinary load hardly reaches.`;
}

/** Where nothing fired: how far the metric stayed below. */
const quiet = (watched: readonly AlarmFigures[]) =>
  `No alarm fired: ${watched
    .filter(({ max }) => Number.isFinite(max))
    .map(
      ({ metricName, max, p99, threshold }) =>
        `${metricName} max ${formatValue(max, metricName)}, p99 ${formatValue(p99, metricName)}, threshold ${formatValue(threshold, metricName)}`,
    )
    .join('; ')}.`;

/** How the owner sets it, for the first alarm that has a suggestion and a tag. */
function commandFor(name: string, figures: readonly AlarmFigures[]): { command?: string } {
  for (const { metricName, threshold, proposed } of figures) {
    const kind = alarmKinds.find(({ override, properties }) => override && properties.MetricName === metricName);
    if (!kind?.override || proposed === undefined || proposed <= threshold || proposed > kind.override.most) continue;
    const id = /^i-[0-9a-f]+$/.test(name) ? name : 'INSTANCE';
    return { command: `aws ec2 create-tags --resources ${id} --tags Key=${kind.override.tag},Value=${proposed}` };
  }
  return {};
}

/** Judges the fleet: ready only when every instance that could be judged is. Pure. */
export function fleetVerdict(
  verdicts: readonly InstanceVerdict[],
  labelled?: { restarts: number; trueRestarts: number },
): FleetVerdict {
  const count = (wanted: Readiness) => verdicts.filter(({ readiness }) => readiness === wanted).length;
  const [change, unknown] = [count('change'), count('unknown')];
  const precision = labelled ? judgePrecision(labelled) : undefined;
  const more = precision ? { precision: precision.sentence } : {};
  if (change > 0) {
    const sentence = `Not ready to act: ${change} of ${plural(verdicts.length, 'instance')} ${change === 1 ? 'needs' : 'need'} a change first.`;
    return { readiness: 'change', sentence, ...more };
  }
  if (precision?.isGood === false)
    return {
      readiness: 'change',
      sentence: 'Not ready to act: too many restarts would hit a healthy instance.',
      ...more,
    };
  if (unknown > 0) {
    const sentence = `Not known: ${unknown} of ${plural(verdicts.length, 'instance')} could not be judged.`;
    return { readiness: 'unknown', sentence, ...more };
  }
  return { readiness: 'ready', sentence: `Ready to act, on ${plural(verdicts.length, 'instance')}.`, ...more };
}

function judgePrecision({ restarts, trueRestarts }: { restarts: number; trueRestarts: number }): {
  isGood?: boolean;
  sentence: string;
} {
  const hits = `${trueRestarts} of ${plural(restarts, 'restart')} fell into labelled trouble`;
  if (restarts < leastRestarts)
    return { sentence: `Precision cannot be judged: ${hits}, and fewer than ${leastRestarts} say too little.` };
  const share = trueRestarts / restarts;
  const isGood = share >= leastPrecision;
  const why = isGood ? 'good enough' : 'not good enough: each of the others takes a healthy instance away for minutes';
  return {
    isGood,
    sentence: `Precision ${percent(share)}: ${hits}; at least ${percent(leastPrecision)} are wanted, so this is ${why}.`,
  };
}
