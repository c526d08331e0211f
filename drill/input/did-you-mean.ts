import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean stop-hangs?` for a name that is close to a known one; otherwise an empty string. */
export function didYouMean(name: string, known: readonly string[]): string {
  const exact = known.find((one) => one.toLowerCase() === name.toLowerCase());
  const near = exact ?? known.find((one) => name.length > 3 && one.includes(name)) ?? closest(name, [...known]);
  if (near === undefined) return '';
  const isNear = exact !== undefined || near.includes(name) || distance(name, near) <= Math.max(2, name.length / 3);
  return isNear && near !== '' ? ` Did you mean ${near}?` : '';
}
