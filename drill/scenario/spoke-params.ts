import { account } from '../stack/place';
import { externalId, organizationId } from '../stack/spoke-roles';
import type { Scenario } from './schema';

/** The params of a stage that has spokes; undefined for one account, which is packaged as it is. */
export function paramsOf({ places }: Pick<Scenario, 'places'>): Record<string, string> | undefined {
  const listed = places.filter((place) => place.listed).map((place) => place.account);
  const spokes = [...new Set(listed)].filter((one) => one !== account).sort();
  if (spokes.length === 0) return undefined;
  return { spokeAccounts: spokes.join(','), organizationId, spokeExternalId: externalId };
}
