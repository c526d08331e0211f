import type { RuleFinding } from './status-rule';
import { type Stretch, stretchSentence } from './stretch';
import type { ScoreResult } from './verdict';
import { DAY_MS } from './views';

/** How an alarm is waited for. */
export interface Waiting {
  /** Whether there is time to look again, or the hour is over. */
  is: 'open' | 'over';
  /** How long the alarm has been on, in whole steps of the metrics' clock. */
  minutes: number;
  /** Automation acted at about this time of the day on an earlier day. */
  isBackAtThisHour: boolean;
}

/** What is known about lengths when a verdict is weighed by them. */
export interface LengthFacts {
  alarmed: readonly string[];
  rules: readonly RuleFinding[];
  /** Of each alarmed metric that was as far out before: how long it has been so, and how long it was. */
  stretches: readonly Stretch[];
  /** All metrics together are an anomaly, so what was before was something else, however far out the alarmed ones were. */
  isOddTogether: boolean;
  /** Left out where nothing is waited for: manual runs and explicit drills. */
  waiting?: Waiting | undefined;
}

/** An alarm that is older than this is not waited for any more. */
const LONGEST_WAIT_MS = 3_600_000;

/** How long to wait before looking again: a data point. */
const LOOK_AGAIN_SECONDS = 300;

/** Within this of the same time of the day: half a lookback, so that the shift of daylight saving is inside. */
const SAME_HOUR_MS = 1.25 * 3_600_000;

/** Earlier days on which a stretch has to have come before its length counts as ordinary. */
const ORDINARY_DAYS = 3;

/**
 * Whether an alarm may still be waited for.
 * @param stepMs the step of the metrics' clock: a second more is no data point more
 * @returns undefined when it is not known when the alarm fired
 */
export function waitingOf(
  {
    firedAt,
    now,
    actedAt = [],
  }: { firedAt?: number | undefined; now?: number | undefined; actedAt?: readonly number[] },
  stepMs: number,
): Waiting | undefined {
  if (firedAt === undefined || now === undefined) return undefined;
  const waited = now - firedAt;
  return {
    is: waited < LONGEST_WAIT_MS ? 'open' : 'over',
    minutes: stepMs > 0 ? (Math.floor(waited / stepMs) * stepMs) / 60_000 : 0,
    isBackAtThisHour: actedAt.some((at) => isSameHour(firedAt - at)),
  };
}

function isSameHour(sinceMs: number): boolean {
  const apart = Math.abs(sinceMs - DAY_MS * Math.round(sinceMs / DAY_MS));
  return sinceMs >= DAY_MS - SAME_HOUR_MS && apart <= SAME_HOUR_MS;
}

/**
 * Weighs a verdict by how long such stretches lasted before: they ended without automation, so this one may as well, up to
 * their length. One that lasts clearly longer is no longer ordinary; one that does not, and came on several days, is.
 * Where all metrics together are as they never were, it is no such stretch, and nothing is concluded from lengths.
 */
export function weighByLength(result: ScoreResult, facts: LengthFacts): ScoreResult {
  if (result.verdict !== 'act' && result.verdict !== 'veto') return result;
  return contradicted(result, facts) ?? watched(result, facts) ?? ended(result, facts) ?? result;
}

/** No veto stands against a stretch that is longer than all before it, nor while a status check fails. */
function contradicted(result: ScoreResult, { stretches, rules }: LengthFacts): ScoreResult | undefined {
  const failing = rules.find(({ verdict }) => verdict === 'failed');
  if (failing) return result.verdict === 'veto' ? { ...result, ...say('act', failing.sentence) } : result;
  const longer = stretches.find(({ isLonger }) => isLonger);
  if (!longer) return undefined;
  const why = `${stretchSentence(longer)}, which is longer than ever before in 14 days (${longer.longestMinutes} minutes)`;
  return result.verdict === 'veto' ? { ...result, ...say('act', why) } : result;
}

/** Nothing is decided while it may end by itself as it did before. */
function watched(result: ScoreResult, facts: LengthFacts): ScoreResult | undefined {
  const { waiting, stretches } = facts;
  if (waiting?.is !== 'open') return undefined;
  const wait = { waitSeconds: LOOK_AGAIN_SECONDS };
  if (result.verdict === 'veto') {
    const isYoung = ({ minutes, typicalMinutes, isDaily }: Stretch) =>
      !isDaily && minutes - waiting.minutes < typicalMinutes;
    return isKnown(facts) && stretches.every(isYoung) ? { ...result, ...wait } : undefined;
  }
  if (isKnown(facts)) return { ...result, ...say('act', knownSentence(stretches[0]!)), ...wait };
  if (!waiting.isBackAtThisHour) return undefined;
  const why = 'automation acted at about this time on an earlier day, so this may be a job on a schedule';
  return { ...result, ...say('act', `${result.explanation.replace(/\.$/, '')}; ${why}`), ...wait };
}

/** After the hour: a stretch of an ordinary length, however odd its level, is ordinary. */
function ended(result: ScoreResult, facts: LengthFacts): ScoreResult | undefined {
  const { waiting, stretches } = facts;
  if (waiting?.is !== 'over' || result.verdict !== 'act' || !isKnown(facts)) return undefined;
  if (!stretches.every(({ days }) => days >= ORDINARY_DAYS)) return undefined;
  return { ...result, ...say('veto', knownSentence(stretches[0]!)) };
}

const isKnown = ({ alarmed, stretches, isOddTogether }: LengthFacts) =>
  !isOddTogether && alarmed.length > 0 && alarmed.every((name) => stretches.some(({ metric }) => metric === name));

function knownSentence(first: Stretch): string {
  const times = first.earlier === 1 ? 'once' : `${first.earlier} times`;
  return `${stretchSentence(first)}; in 14 days it was so ${times} before, for up to ${first.longestMinutes} minutes, and ended by itself`;
}

const say = (verdict: 'act' | 'veto', why: string) => ({ verdict, explanation: `${why}.` });
