import type { Code } from '../record/codes';

/** Refusals by which an event is of no place of the stage, or of no certain one. */
export const placeRefusals = [
  'wrong-account',
  'wrong-region',
  'place-not-listed',
  'place-contradicted',
] as const satisfies readonly Code[];

export const isPlaceRefusal = (code: Code | undefined): boolean => placeRefusals.some((one) => one === code);
