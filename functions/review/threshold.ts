import { kindOf } from '../anomaly/metrics';
import type { PlacedAlarm } from './record';
import { type AlarmSeries, type Episode, replay } from './replay';

/** The result of an alarm at one threshold. */
export interface Trial {
  threshold: number;
  alarms: number;
  /** Needed incidents that the alarm would still have detected, of `troubles`. */
  troublesSeen: number;
  /** Alarms known to be needless, plus alarms that would be new. */
  needless: number;
  /** The longest additional delay in detecting trouble, in minutes; null if none is detected. */
  latestMinutes: number | null;
}

/** An alarm replayed at its own threshold and at others. */
export interface Tried extends PlacedAlarm {
  metric: string;
  current: Trial;
  troubles: number;
  /** The trials, by ascending threshold. */
  trials: Trial[];
}

/** A proposed threshold, with its evidence. */
export interface Proposal extends Tried {
  proposed: Trial;
}

/** When an alarm's incidents were opened, in milliseconds since 1970, by whether they were needed. */
export interface Judged {
  needless: readonly number[];
  /** All others: real trouble, and unjudged incidents. A proposal loses none of them. */
  troubles: readonly number[];
}

/** An incident's record may open this long before or after the replayed alarm, in milliseconds. */
const toleranceMs = 30 * 60_000;
const trialCount = 24;
/** Lower values are tried only as evidence, in steps of this share of the threshold. */
const lowerSteps = [0.4, 0.3, 0.2, 0.1, 0.05];

/**
 * Replays an alarm at its own threshold and at others.
 * @returns undefined for an alarm for which other thresholds make no sense: status checks are 0 or 1
 */
export function tryThresholds(series: AlarmSeries, judged: Judged): Tried | undefined {
  const { alarmName, place, metric, threshold, values } = series;
  if (metric.startsWith('StatusCheckFailed')) return undefined;
  const now = replay(series, threshold).map((episode) => labelled(episode, judged));
  const highest = values.reduce((most, value) => Math.max(most, value), threshold);
  const trials = valuesToTry(metric, threshold, highest).map((value) => tryAt(series, value, now));
  const current = trials.find((trial) => trial.threshold === threshold)!;
  return { alarmName, ...(place ? { place } : {}), metric, current, troubles: judged.troubles.length, trials };
}

/**
 * Proposes the higher threshold that loses no trouble and avoids the most needless alarms; of several, the middle
 * one, with the most margin on both sides.
 * @returns undefined if no other value is better
 */
export function propose(tried: Tried): Proposal | undefined {
  const { current, trials } = tried;
  const safe = trials.filter(
    ({ threshold, troublesSeen }) => threshold > current.threshold && troublesSeen === current.troublesSeen,
  );
  const least = Math.min(...safe.map(({ needless }) => needless));
  if (safe.length === 0 || least >= current.needless) return undefined;
  const best = safe.filter(({ needless }) => needless === least);
  return { ...tried, proposed: best[Math.floor((best.length - 1) / 2)]! };
}

/** Even steps from the threshold to just above all observed values; a percentage stays below 100, or it could never alarm. */
function valuesToTry(metric: string, threshold: number, highest: number): number[] {
  const most = kindOf(metric)?.unit === 'percent' ? Math.min(100, highest * 1.01) : highest * 1.01;
  const step = (most - threshold) / trialCount;
  const higher = Array.from({ length: trialCount }, (_, i) => rounded(threshold + (i + 1) * step));
  const lower = lowerSteps.map((share) => rounded(threshold * (1 - share)));
  const values = [...lower.filter((value) => value < threshold), threshold, ...higher.filter((one) => one > threshold)];
  return [...new Set(values)].sort((a, b) => a - b);
}

/** An alarm that fired at today's threshold, with its incidents. */
interface Labelled extends Episode {
  troubles: number;
  isNeedless: boolean;
}

function labelled(episode: Episode, { needless, troubles }: Judged): Labelled {
  const within = (at: number) => at >= episode.from - toleranceMs && at <= episode.to + toleranceMs;
  const seen = troubles.filter(within).length;
  return { ...episode, troubles: seen, isNeedless: seen === 0 && needless.some(within) };
}

/**
 * At a higher threshold, alarms fall within today's alarms; at a lower one, around them. So each is judged by the alarms
 * that it overlaps. One that overlaps none would be new.
 */
function tryAt(series: AlarmSeries, threshold: number, now: readonly Labelled[]): Trial {
  const episodes = replay(series, threshold);
  const overlaps = (a: Episode, b: Episode) => a.breachedAt < b.to && b.breachedAt < a.to;
  const isNeedless = (episode: Episode) => {
    const known = now.filter((one) => overlaps(one, episode));
    return known.length === 0 || known.every((one) => one.isNeedless);
  };
  const seen = now.flatMap((one) => {
    const first = one.troubles > 0 ? episodes.find((episode) => overlaps(one, episode)) : undefined;
    return first ? [{ troubles: one.troubles, minutes: (first.from - one.from) / 60_000 }] : [];
  });
  return {
    threshold,
    alarms: episodes.length,
    troublesSeen: seen.reduce((sum, { troubles }) => sum + troubles, 0),
    needless: episodes.filter(isNeedless).length,
    latestMinutes: seen.length === 0 ? null : Math.max(...seen.map(({ minutes }) => minutes)),
  };
}

/** Three significant digits: nobody sets an alarm to 83.3333. */
const rounded = (value: number) => Number(value.toPrecision(3));
