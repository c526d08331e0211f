import { kindOf } from '../anomaly/metrics';
import { type AlarmSeries, type Episode, replay } from './replay';

/** How an alarm would have done at one threshold. */
export interface Trial {
  threshold: number;
  alarms: number;
  /** Incidents with real trouble that would still have been seen, of `troubles`. */
  troublesSeen: number;
  /** Alarms without need. */
  needless: number;
}

/** A threshold for a person to consider, with what it stands on. */
export interface Proposal {
  alarmName: string;
  metric: string;
  current: Trial;
  proposed: Trial;
  troubles: number;
  /** Trials at other values, ascending. */
  trials: Trial[];
}

/** An incident's record may open this long before or after the replayed alarm, in milliseconds. */
const toleranceMs = 30 * 60_000;
const trialCount = 24;

/**
 * Replays an alarm at other thresholds over its own past, and proposes the one that loses no real trouble and spares
 * the most needless alarms; of several such, the middle one, as far from both sides as can be.
 * @param troubles when incidents with real trouble were opened, in milliseconds since 1970
 * @returns undefined when no other value is better: nothing is proposed for its own sake
 */
export function propose(series: AlarmSeries, troubles: readonly number[]): Proposal | undefined {
  const { alarmName, metric, threshold, values } = series;
  const highest = values.reduce((most, value) => Math.max(most, value), threshold);
  if (highest <= threshold) return undefined;
  const current = tryAt(series, threshold, troubles);
  const trials = valuesToTry(metric, threshold, highest).map((value) => tryAt(series, value, troubles));
  const safe = trials.filter(({ troublesSeen }) => troublesSeen === current.troublesSeen);
  const least = Math.min(...safe.map(({ needless }) => needless));
  if (safe.length === 0 || least >= current.needless) return undefined;
  const best = safe.filter(({ needless }) => needless === least);
  const proposed = best[Math.floor((best.length - 1) / 2)]!;
  return { alarmName, metric, current, proposed, troubles: troubles.length, trials: [current, ...trials] };
}

/** Evenly from the threshold to just above everything that was seen; a percentage stays below 100, or it could never alarm. */
function valuesToTry(metric: string, threshold: number, highest: number): number[] {
  const most = kindOf(metric)?.unit === 'percent' ? Math.min(100, highest * 1.01) : highest * 1.01;
  const step = (most - threshold) / trialCount;
  const values = Array.from({ length: trialCount }, (_, i) => rounded(threshold + (i + 1) * step));
  return [...new Set(values)].filter((value) => value > threshold);
}

function tryAt(series: AlarmSeries, threshold: number, troubles: readonly number[]): Trial {
  const episodes = replay(series, threshold);
  const isSeen = (trouble: number) => episodes.some((episode) => covers(episode, trouble));
  const isNeeded = (episode: Episode) => troubles.some((trouble) => covers(episode, trouble));
  return {
    threshold,
    alarms: episodes.length,
    troublesSeen: troubles.filter(isSeen).length,
    needless: episodes.filter((episode) => !isNeeded(episode)).length,
  };
}

const covers = ({ from, to }: Episode, at: number) => at >= from - toleranceMs && at <= to + toleranceMs;

/** Three significant digits: nobody sets an alarm at 83.3333. */
const rounded = (value: number) => Number(value.toPrecision(3));
