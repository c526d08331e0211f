import { kindOf } from '../anomaly/metrics';
import { type AlarmSeries, type Episode, replay } from './replay';

/** How an alarm would have done at one threshold. */
export interface Trial {
  threshold: number;
  alarms: number;
  /** Incidents of the alarm that were not needless and would still have been seen, of `troubles`. */
  troublesSeen: number;
  /** Alarms of which it is known that they were without need, and alarms that there would be more than now. */
  needless: number;
  /** How much later than now the trouble would have been seen that loses most by it, in minutes; null when none is seen. */
  latestMinutes: number | null;
}

/** An alarm over its own past, at its own threshold and at others. */
export interface Tried {
  alarmName: string;
  metric: string;
  current: Trial;
  troubles: number;
  /** Trials at all values, ascending. */
  trials: Trial[];
}

/** A threshold for a person to consider, with what it stands on. */
export interface Proposal extends Tried {
  proposed: Trial;
}

/** When the incidents of an alarm were opened, in milliseconds since 1970, by what is known of them. */
export interface Judged {
  needless: readonly number[];
  /** All others: real trouble, and what nobody judged. A proposal loses none of them. */
  troubles: readonly number[];
}

/** An incident's record may open this long before or after the replayed alarm, in milliseconds. */
const toleranceMs = 30 * 60_000;
const trialCount = 24;
/** Lower values are tried as evidence only, in steps of so much of the threshold. */
const lowerSteps = [0.4, 0.3, 0.2, 0.1, 0.05];

/**
 * Replays an alarm over its own past at its own threshold and at others.
 * @returns undefined for an alarm of which other thresholds mean nothing: status checks are 0 or 1
 */
export function tryThresholds(series: AlarmSeries, judged: Judged): Tried | undefined {
  const { alarmName, metric, threshold, values } = series;
  if (metric.startsWith('StatusCheckFailed')) return undefined;
  const now = replay(series, threshold).map((episode) => labelled(episode, judged));
  const highest = values.reduce((most, value) => Math.max(most, value), threshold);
  const trials = valuesToTry(metric, threshold, highest).map((value) => tryAt(series, value, now));
  const current = trials.find((trial) => trial.threshold === threshold)!;
  return { alarmName, metric, current, troubles: judged.troubles.length, trials };
}

/**
 * Proposes the higher threshold that loses no trouble and spares the most needless alarms; of several such, the middle
 * one, as far from both sides as can be.
 * @returns undefined when no other value is better: nothing is proposed for its own sake
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

/** Evenly from the threshold to just above everything that was seen; a percentage stays below 100, or it could never alarm. */
function valuesToTry(metric: string, threshold: number, highest: number): number[] {
  const most = kindOf(metric)?.unit === 'percent' ? Math.min(100, highest * 1.01) : highest * 1.01;
  const step = (most - threshold) / trialCount;
  const higher = Array.from({ length: trialCount }, (_, i) => rounded(threshold + (i + 1) * step));
  const lower = lowerSteps.map((share) => rounded(threshold * (1 - share)));
  const values = [...lower.filter((value) => value < threshold), threshold, ...higher.filter((one) => one > threshold)];
  return [...new Set(values)].sort((a, b) => a - b);
}

/** An alarm as it went off at today's threshold, and the incidents that it stood for. */
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
 * A higher threshold gives alarms within those of now, a lower one alarms around them, so each is judged by what the
 * alarms that it overlaps stood for. One that overlaps none would be new.
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

/** Three significant digits: nobody sets an alarm at 83.3333. */
const rounded = (value: number) => Number(value.toPrecision(3));
