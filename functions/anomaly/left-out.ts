import type { TimeWindow } from './preprocess';

/** What is left out of the baseline around an earlier action: the trouble that led to it, and the recovery. */
const BEFORE_ACTION_MS = 3_600_000;
const AFTER_ACTION_MS = 1_800_000;

/**
 * The windows around earlier actions of automation: what a restart ended is no baseline, and did not end by itself.
 * @param actedAt when automation acted, in milliseconds since 1970
 * @param since the start of the stretch that is judged: nothing from there on is left out
 */
export function actionWindows(actedAt: readonly number[], since: number): TimeWindow[] {
  return actedAt.map((at) => [at - BEFORE_ACTION_MS, Math.min(at + AFTER_ACTION_MS, since - 1)]);
}
