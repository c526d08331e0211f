import type { Code } from '../record/codes';
import type { Refusal } from '../record/conclusion';
import { kept, type Place, type Scope } from './place';

/** Refusals by which an event is of no place of the stage, or of no certain one. */
export const placeRefusals = [
  'wrong-account',
  'wrong-region',
  'place-not-listed',
  'place-contradicted',
] as const satisfies readonly Code[];

/** The place of an event as its incident keeps it: none where it is not certain, or none of the stage's. */
export const placeUnless = (refusal: Refusal | undefined, place: Place, scope: Scope): { place?: Place } =>
  isPlaceRefusal(refusal?.code) ? {} : kept(place, scope);

export const isPlaceRefusal = (code: Code | undefined): boolean => placeRefusals.some((one) => one === code);
