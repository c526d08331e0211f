import { moment } from '../../drill/report/words';
import { type Breaker, type Failing, isUnknown, type Known, type Status } from './status';

/** A line of a status: what, what is said of it, and whether it needs attention. */
export type Line = [what: string, said: string, isBad: boolean];

/** A time as people read it. @param time ISO 8601 */
export const at = (time: string): string => moment(Date.parse(time));

/** A line of what may not be known. */
export function line<T>(what: string, value: Known<T>, say: (value: T) => [said: string, isBad: boolean]): Line {
  return isUnknown(value) ? [what, `not known: ${value.unknown}`, true] : [what, ...say(value)];
}

export const breakerLine = (breaker: Known<Breaker>): Line =>
  line('circuit breaker', breaker, ({ used, limit, minutes, ofAll }) => {
    const isOpen = used >= limit || (ofAll !== undefined && ofAll.used >= ofAll.limit);
    const all = ofAll ? ` of this account, ${ofAll.used} of ${ofAll.limit} of all accounts,` : '';
    return [`${isOpen ? 'open' : 'closed'}: ${used} of ${limit} actions${all} in ${minutes} minutes`, isOpen];
  });

export const stormsLine = (storms: Known<string[]>): Line =>
  line('storms', storms, (all) => [all.join(', ') || 'none', all.length > 0]);

export const failingLine = (places: readonly Failing[]): Line => [
  'starts fail in',
  places.map(({ place, until, why }) => `${place} until ${at(until)} (${why})`).join('; ') || 'no place',
  places.length > 0,
];

export const isolatedLine = (isolated: Status['isolated']): Line =>
  line('isolated', isolated, (all) => [
    all.map(({ instanceId, by }) => `${instanceId} (by ${by})`).join(', ') || 'none',
    false,
  ]);
