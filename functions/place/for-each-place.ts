import { fromAws } from '../shared/aws-errors';
import { logger } from '../shared/logger';
import { inPlace, stayIn } from './in-place';
import { type Place, placesOf, type Scope } from './place';

/** What a run over all places found in each, and where it is unknown. */
export interface OverPlaces<Found> {
  found: { place: Place; found: Found }[];
  /** Nothing is known of these: they are told as unknown, and never count as empty. */
  unknown: { place: Place; why: string }[];
}

/**
 * Does the same in every place of a stage, one after the other. A place where it fails fails alone; in the stage's own, as
 * without other accounts, it throws.
 * @param run what the run is called: it names its sessions in each place's trail
 */
export async function forEachPlace<Found>(
  scope: Scope,
  run: string,
  work: (place: Place) => Promise<Found>,
): Promise<OverPlaces<Found>> {
  const over: OverPlaces<Found> = { found: [], unknown: [] };
  for (const place of placesOf(scope)) {
    const stay = stayIn(place, scope, run);
    try {
      over.found.push({ place, found: await inPlace(stay, () => work(place)) });
    } catch (cause) {
      if (!stay) throw cause;
      const { name, message } = fromAws(cause);
      logger.error('a place is unknown', { ...place, run, error: name, why: message });
      over.unknown.push({ place, why: `${name}: ${message}`.slice(0, 300) });
    }
  }
  return over;
}
