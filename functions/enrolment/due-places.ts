import { inPlace, stayIn } from '../place/in-place';
import { isOwn, type Place, scopeOf } from '../place/place';
import { atOnce } from '../shared/at-once';
import { executionNameOf } from '../shared/execution-name';
import type { StepTools } from '../shared/step';
import { type Compared, comparePlace } from './compare-place';
import { holdPlace, isHeld, type KeptRound, leavePlace, placeName, readRounds } from './rounds';

/** Places that one invocation compares at once: it mostly waits for the rates of each account, which do not add up. */
export const placesAtOnce = 16;

/** A run of the machine, which takes up a place once. */
export interface RunFacts {
  executionId: string;
  /** When it began: a place that was wholly compared since then needs nothing more. */
  since: string;
  /** Places that it could not read. */
  unreachable: readonly string[];
}

/** What the sessions of a run are called in the trail of an account. */
const nameOf = ({ executionId }: RunFacts) => `reconcile-alarms-${executionNameOf(executionId)}`;

/** What an invocation did: the changes in all places, and why a place could not be compared, by its name. */
export interface Rounds extends Omit<Compared, 'round'> {
  failures: Map<string, unknown>;
}

/** Whether a run still has to compare a place. */
export const isDue = (place: Place, known: ReadonlyMap<string, KeptRound>, { since, unreachable }: RunFacts): boolean =>
  !unreachable.includes(placeName(place)) && !((known.get(placeName(place))?.round?.doneAt ?? '') >= since);

/**
 * Compares the places that are due, those first that have waited longest, until the time is up. One that fails, fails
 * alone, unless it is the stage's own.
 * @throws what the comparison of the own place threw, once the others have stopped
 */
export async function compareDue(
  places: readonly Place[],
  run: RunFacts,
  until: Date,
  tools: StepTools,
): Promise<Rounds> {
  const { clock, config } = tools;
  const scope = scopeOf(config);
  const known = await readRounds(config);
  const triedAt = (place: Place) => known.get(placeName(place))?.triedAt ?? '';
  const due = places
    .filter((place) => isDue(place, known, run) && !isHeld(known.get(placeName(place)), run.executionId, clock.now()))
    .sort((a, b) => triedAt(a).localeCompare(triedAt(b)));
  const found: Rounds = { put: 0, removed: 0, left: 0, failures: new Map() };
  await atOnce(due, placesAtOnce, async (place) => {
    if (clock.now() >= until) return;
    const held = await holdPlace(place, run.executionId, clock.now(), config);
    if (!held) return;
    try {
      const { round, ...done } = await inPlace(stayIn(place, scope, nameOf(run)), () =>
        comparePlace(held.round, until, tools),
      );
      await leavePlace(place, round, config);
      for (const what of ['put', 'removed', 'left'] as const) found[what] += done[what];
    } catch (error) {
      found.failures.set(placeName(place), error);
      await leavePlace(place, undefined, config);
      if (isOwn(place, scope)) throw error;
    }
  });
  return found;
}
