import { type LookupAttribute, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { spacingMs, takeLookUpTurn } from '../context/turn';
import { fromAws } from '../shared/aws-errors';
import { cloudTrail } from '../shared/clients/cloud-trail';
import { pause } from '../shared/clock';
import { logger } from '../shared/logger';
import type { StepTools } from '../shared/step';
import { type Deed, type Identity, toDeed } from './deed';

/** What an identity did besides, or why some of it is not known. */
export interface Doings {
  deeds: Deed[];
  /** There are more than were read. */
  isCut: boolean;
  unknown?: string | undefined;
}

/** Pages of fifty events, newest first. */
const mostPages = 3;

/**
 * Looks up in CloudTrail what an identity did in a time, by its access key or its name. The quota is the account's, so it
 * takes its turn. A read that fails never throws: it is logged, and its reason is in the result.
 */
export async function lookUpDoings(
  identity: Identity,
  { from, to }: { from: Date; to: Date },
  incidentId: string,
  tools: Pick<StepTools, 'clock' | 'config'>,
): Promise<Doings> {
  const attribute = attributeOf(identity);
  if (!attribute) return { deeds: [], isCut: false, unknown: `CloudTrail has no name to look ${identity.name} up by.` };
  const giveBack = await takeLookUpTurn(incidentId, tools);
  if (!giveBack) return { deeds: [], isCut: false, unknown: 'other incidents were looking it up at the same time.' };
  const found = await readPages(attribute, from, to);
  await giveBack();
  return found;
}

/** A session of a role is known by its key: its name is what its caller chose. A user is known by name, whatever the key. */
function attributeOf({ kind, accessKeyId, userName }: Identity): LookupAttribute | undefined {
  if (accessKeyId && (kind === 'role' || !userName))
    return { AttributeKey: 'AccessKeyId', AttributeValue: accessKeyId };
  return userName ? { AttributeKey: 'Username', AttributeValue: userName } : undefined;
}

async function readPages(attribute: LookupAttribute, StartTime: Date, EndTime: Date): Promise<Doings> {
  const deeds: Deed[] = [];
  let NextToken: string | undefined;
  try {
    for (let page = 0; page < mostPages; page += 1) {
      if (page > 0) await pause(spacingMs);
      const found = await cloudTrail.send(
        new LookupEventsCommand({ LookupAttributes: [attribute], StartTime, EndTime, MaxResults: 50, NextToken }),
      );
      deeds.push(...(found.Events ?? []).flatMap(({ CloudTrailEvent }) => toDeed(CloudTrailEvent ?? '') ?? []));
      NextToken = found.NextToken;
      if (!NextToken) break;
    }
    return { deeds, isCut: NextToken !== undefined };
  } catch (error) {
    const { name, message } = fromAws(error);
    logger.error('doings not read', { step: 'investigate', error: name, why: message });
    return { deeds, isCut: true, unknown: `CloudTrail was not read (${name}).` };
  }
}
