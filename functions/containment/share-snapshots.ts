import { ModifySnapshotAttributeCommand } from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../record/leased-incident';
import { writeEntry } from '../record/store';
import { ec2 } from '../shared/clients/ec2';
import { PlaybookError } from '../shared/errors';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { readEvidenceSettings } from './evidence-settings';
import { assertMayIsolate } from './may-isolate';
import { snapshotLookSchema } from './snapshots';

/** AWS does not share some of the snapshots; the message quotes why. The others are shared. */
export class SnapshotsNotSharedError extends PlaybookError {}

const input = z.object({
  incident: z.extend(leasedIncidentSchema, { snapshots: z.optional(snapshotLookSchema) }),
});

/**
 * Shares the snapshots of an isolation with the evidence account that the stage names, so that it can copy them out of reach
 * of this one. AWS never shares one that is encrypted under the account's default key, and lets the other account copy one
 * that is encrypted under a customer managed key only if that key's policy does. Idempotent; a release leaves it.
 * Source: EBS user guide, "Share an Amazon EBS snapshot"; EC2 API reference, ModifySnapshotAttribute.
 * @throws SnapshotsNotSharedError naming those that AWS refuses to share
 */
export const handler = step('share-snapshots', input, async ({ incident }, tools) => {
  const { accountId } = readEvidenceSettings();
  if (!accountId) return { shared: 0 };
  const { incidentId, snapshots } = incident;
  await assertMayIsolate(incident, tools, { evidenceAccountId: accountId });
  const ids = (snapshots?.seen ?? []).filter(({ state }) => state === 'completed').map(({ snapshotId }) => snapshotId);
  const refused: { id: string; why: string; cause: unknown }[] = [];
  for (const id of ids) {
    const why = await share(id, accountId);
    if (why) refused.push({ id, ...why });
  }
  const shared = ids.length - refused.length;
  const what = `Shared ${plural(shared, 'snapshot')} with account ${accountId}.`;
  if (shared > 0)
    await writeEntry(incidentId, { key: 'snapshots-shared', at: tools.clock.now().toISOString(), what }, tools.config);
  const [first] = refused;
  if (!first) return { shared };
  const told = refused.map(({ id, why }) => `${id} (${why})`).join(', ');
  throw new SnapshotsNotSharedError(`Not shared with account ${accountId}: ${told}.`, { cause: first.cause });
});

/** @returns why AWS never shares this one; undefined once it is shared */
async function share(SnapshotId: string, accountId: string): Promise<{ why: string; cause: unknown } | undefined> {
  const request = {
    SnapshotId,
    Attribute: 'createVolumePermission',
    OperationType: 'add',
    UserIds: [accountId],
  } as const;
  try {
    await ec2.send(new ModifySnapshotAttributeCommand({ ...request, UserIds: [...request.UserIds] }));
    return undefined;
  } catch (cause) {
    // What repeats do not change is told for each, and the others are shared all the same.
    if (!(cause instanceof Error && cause.name === 'OperationNotPermitted')) throw cause;
    return { why: cause.message.replace(/\.$/, ''), cause };
  }
}
