import type { Config } from '../shared/config';
import { accountSchema, regionSchema } from '../shared/identifiers';
import * as z from '../shared/schema';

/** An account and a region: where an incident's instance is, and where its steps act. */
export const placeSchema = z.object({ account: accountSchema, region: regionSchema });
export type Place = z.output<typeof placeSchema>;

/** The places of a stage: its own account first, then the others; its own region. */
export interface Scope {
  accounts: readonly string[];
  regions: readonly string[];
}

type Listed = Pick<Config, 'ACCOUNT_IDS' | 'REGIONS'>;

export const scopeOf = ({ ACCOUNT_IDS, REGIONS }: Listed): Scope => ({ accounts: ACCOUNT_IDS, regions: REGIONS });

/** Whether it is the account of the stage itself, where its functions need no other credentials. */
export const isOwn = ({ account }: Place, { accounts }: Scope): boolean => account === accounts[0];

/** Whether the stage lists it. */
export const isListed = ({ account, region }: Place, { accounts, regions }: Scope): boolean =>
  accounts.includes(account) && regions.includes(region);

/** The stage's own place. */
export const ownPlace = ({ accounts, regions }: Scope): Place => ({ account: accounts[0]!, region: regions[0]! });

/** Every place of the stage, its own first. */
export const placesOf = ({ accounts, regions }: Scope): Place[] =>
  accounts.flatMap((account) => regions.map((region) => ({ account, region })));

/**
 * A place as a record keeps it: none for the stage's own, as in the records of earlier releases.
 * @example { ...begun, ...kept(place, scope) }
 */
export const kept = (place: Place | undefined, scope: Scope): { place?: Place } =>
  place === undefined || isOwn(place, scope) ? {} : { place: { account: place.account, region: place.region } };
