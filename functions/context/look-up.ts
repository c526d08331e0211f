import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { fromAws } from '../shared/aws-errors';
import { cloudTrail, cloudTrailOfIdentity } from '../shared/clients/cloud-trail';
import { type Clock, pause } from '../shared/clock';
import type { Config } from '../shared/config';
import { logger } from '../shared/logger';
import { type Change, toChange } from './change';
import { type Changes, newestOf } from './changes';
import { spacingMs, takeLookUpTurn } from './turn';

/** No call begins later than this after the first one. */
const mostMs = 7_000;

/** Whose changes are looked up, and since when. */
export interface Looked {
  /** Names or ids, the most telling first. */
  resources: readonly string[];
  /** Names of roles and profiles. */
  identities?: readonly string[] | undefined;
  since: Date;
}

/**
 * Looks up the changes of some resources: one page each, newest first.
 * A read that fails never throws: it is logged, and its reason is in the result.
 */
export async function lookUpChanges(
  looked: Looked,
  incidentId: string,
  tools: { clock: Clock; config: Config },
): Promise<Changes> {
  const { clock } = tools;
  const { resources, identities, since } = looked;
  const names = { resources: [...resources], ...(identities ? { identities: [...identities] } : {}) };
  const base = { ...names, since: since.toISOString() };
  const giveBack = await takeLookUpTurn(incidentId, tools);
  if (!giveBack) return { ...base, asOf: clock.now().toISOString(), changes: [], unknown: othersLook };
  const { found, unknown } = await lookUpEach(looked, tools);
  await giveBack();
  return { ...base, asOf: clock.now().toISOString(), changes: newestOf(found), ...(unknown ? { unknown } : {}) };
}

const othersLook = 'other incidents were looking it up at the same time.';

async function lookUpEach(
  { resources, identities = [], since }: Looked,
  { clock, config }: { clock: Clock; config: Config },
): Promise<{ found: Change[]; unknown?: string | undefined }> {
  const begun = clock.now().getTime();
  const found: Change[] = [];
  let unknown: string | undefined;
  let looked = 0;
  const all = [...resources.map((name) => [name, cloudTrail] as const), ...identities.map(inIdentityRegion)];
  for (const [name, client] of all) {
    if (clock.now().getTime() - begun > mostMs) break;
    if (looked > 0) await pause(spacingMs);
    looked += 1;
    try {
      found.push(...(await lookUpOne(client, name, since, clock.now(), config)));
    } catch (error) {
      const { name: code, message } = fromAws(error);
      logger.error('changes not read', { step: 'look-up-changes', error: code, why: message });
      unknown = `CloudTrail was not read for ${name} (${code}).`;
      // What denies or throttles one call denies or throttles the next.
      break;
    }
  }
  if (!unknown && looked < all.length) unknown = `there was time for ${looked} of ${all.length} resources.`;
  return { found, unknown };
}

const inIdentityRegion = (name: string) => [name, cloudTrailOfIdentity] as const;

async function lookUpOne(
  client: CloudTrailClient,
  resource: string,
  since: Date,
  now: Date,
  { STAGE }: Pick<Config, 'STAGE'>,
): Promise<Change[]> {
  const { Events } = await client.send(
    new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: resource }],
      StartTime: since,
      EndTime: now,
      MaxResults: 50,
    }),
  );
  return (Events ?? []).flatMap(({ CloudTrailEvent }) =>
    CloudTrailEvent ? (toChange(CloudTrailEvent, resource, `incident-playbooks-${STAGE}-`) ?? []) : [],
  );
}
