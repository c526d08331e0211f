import type { UnknownPlace } from '../place/for-each-place';
import { executionNameOf } from '../shared/execution-name';
import type { Told } from './suspicion-record';

/** Places that a reason names; the others are counted. */
export const mostNamed = 5;

/** Places that are unknown by either list, each once, with the first reason. Pure. */
export function eitherUnknown(
  first: readonly UnknownPlace[] = [],
  second: readonly UnknownPlace[] = [],
): UnknownPlace[] {
  const isKnown = ({ account, region }: UnknownPlace) =>
    first.some((one) => one.account === account && one.region === region);
  return [...first, ...second.filter((one) => !isKnown(one))];
}

/** A place as the state of a machine has it: a stage may have some 300, and the log says all. Pure. */
export const shortly = ({ why, ...place }: UnknownPlace): UnknownPlace => ({ ...place, why: why.slice(0, 80) });

const sentenceOf = ({ account, region, why }: UnknownPlace) =>
  `Account ${account} in ${region} is unknown to the patrol: ${why.replace(/\.$/, '')}.`;

/** The sentences of a summary about places that are unknown. Pure. */
export function unknownReasons(unknown: readonly UnknownPlace[]): string[] {
  const more = unknown.length - mostNamed;
  return [...unknown.slice(0, mostNamed).map(sentenceOf), ...(more > 0 ? [`${more} more accounts are unknown.`] : [])];
}

/** What people are told of, where it is a place. Pure. */
export const subjectOfPlace = ({ account, region }: Pick<UnknownPlace, 'account' | 'region'>): string =>
  `account ${account} in ${region}`;

/** What people are told of a place that is unknown: its instances and alarms may be in trouble unseen. Pure. */
export const toldOfPlace = (place: UnknownPlace): Told => ({
  subject: subjectOfPlace(place),
  code: 'place-unreachable',
  reason: `${sentenceOf(place)} Neither its instances nor its alarms were looked at there.`,
  notes: [],
});

/** What the sessions of a patrol are called in the trail of an account. */
export const sessionNameOf = (executionId: string): string => `patrol-fleet-${executionNameOf(executionId)}`;
