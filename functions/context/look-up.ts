import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { fromAws } from '../shared/aws-errors';
import { cloudTrail } from '../shared/clients/cloud-trail';
import { type Clock, pause } from '../shared/clock';
import type { Config } from '../shared/config';
import { logger } from '../shared/logger';
import { type Change, toChange } from './change';
import { type Changes, newestOf } from './changes';
import { spacingMs, takeLookUpTurn } from './turn';

/** No call begins later than this after the first one. */
const mostMs = 7_000;

/**
 * Looks up the changes of some resources: one page each, newest first.
 * A read that fails never throws: it is logged, and its reason is in the result.
 * @param resources names or ids, the most telling first
 */
export async function lookUpChanges(
  { resources, since }: { resources: readonly string[]; since: Date },
  incidentId: string,
  tools: { clock: Clock; config: Config },
): Promise<Changes> {
  const { clock } = tools;
  const base = { resources: [...resources], since: since.toISOString() };
  const giveBack = await takeLookUpTurn(incidentId, tools);
  if (!giveBack) return { ...base, asOf: clock.now().toISOString(), changes: [], unknown: othersLook };
  const { found, unknown } = await lookUpEach(resources, since, tools);
  await giveBack();
  return { ...base, asOf: clock.now().toISOString(), changes: newestOf(found), ...(unknown ? { unknown } : {}) };
}

const othersLook = 'other incidents were looking it up at the same time.';

async function lookUpEach(
  resources: readonly string[],
  since: Date,
  { clock, config }: { clock: Clock; config: Config },
): Promise<{ found: Change[]; unknown?: string | undefined }> {
  const begun = clock.now().getTime();
  const found: Change[] = [];
  let unknown: string | undefined;
  let looked = 0;
  for (const resource of resources) {
    if (clock.now().getTime() - begun > mostMs) break;
    if (looked > 0) await pause(spacingMs);
    looked += 1;
    try {
      found.push(...(await lookUpOne(resource, since, clock.now(), config)));
    } catch (error) {
      const { name, message } = fromAws(error);
      logger.error('changes not read', { step: 'look-up-changes', error: name, why: message });
      unknown = `CloudTrail was not read for ${resource} (${name}).`;
      // What denies or throttles one call denies or throttles the next.
      break;
    }
  }
  if (!unknown && looked < resources.length) unknown = `there was time for ${looked} of ${resources.length} resources.`;
  return { found, unknown };
}

async function lookUpOne(
  resource: string,
  since: Date,
  now: Date,
  { STAGE }: Pick<Config, 'STAGE'>,
): Promise<Change[]> {
  const { Events } = await cloudTrail.send(
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
