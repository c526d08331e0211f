import { atOnce } from '../shared/at-once';
import { fromAws } from '../shared/aws-errors';
import { logger } from '../shared/logger';
import { inPlace, stayIn } from './in-place';
import { isOwn, type Place, placesOf, type Scope } from './place';

/** A place of which nothing is known, and why. */
export interface UnknownPlace extends Place {
  why: string;
}

/** What a run over all places found in each, and where it is unknown; both in the order of the places. */
export interface OverPlaces<Found> {
  found: { place: Place; found: Found }[];
  /** Nothing is known of these: they are told as unknown, and never count as empty. */
  unknown: UnknownPlace[];
}

/** Places that a run reads at once: it mostly waits for the rates of each account, which do not add up. */
export const placesReadAtOnce = 16;

/**
 * Does the same in every place of a stage. A place where it fails fails alone; where it fails in the stage's own and no other
 * is found, as without other accounts, it throws.
 * @param run what the run is called: it names its sessions in each place's trail
 * @throws what the work in the stage's own account threw
 */
export async function forEachPlace<Found>(
  scope: Scope,
  run: string,
  work: (place: Place) => Promise<Found>,
): Promise<OverPlaces<Found>> {
  const tried = await atOnce(placesOf(scope), placesReadAtOnce, async (place) => {
    try {
      return { place, found: await inPlace(stayIn(place, scope, run), () => work(place)) };
    } catch (cause) {
      return { place, cause };
    }
  });
  const found = tried.flatMap((one) => ('cause' in one ? [] : [one]));
  const failed = tried.flatMap((one) => ('cause' in one ? [one] : []));
  const own = failed.find(({ place }) => isOwn(place, scope));
  if (own && found.length === 0) throw own.cause;
  return { found, unknown: failed.map(({ place, cause }) => unknownPlace(place, run, cause)) };
}

function unknownPlace(place: Place, run: string, cause: unknown): UnknownPlace {
  const { name, message } = fromAws(cause);
  logger.error('a place is unknown', { ...place, run, error: name, why: message });
  return { ...place, why: `${name}: ${message}`.slice(0, 300) };
}
