import { DescribeNetworkInterfacesCommand, ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import { leasedIncidentSchema } from '../incident/incident';
import { readEntry } from '../incident/store';
import { ec2 } from '../shared/clients/ec2';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { toInterface } from './describe';
import { groupPairSchema, NotVerifiedError } from './group-rules';
import { assertMayIsolate } from './may-isolate';
import { saveBefore } from './save-before';
import { beforeSchemas, changeKey } from './saved';
import type { Interface } from './surroundings';

const input = z.object({
  incident: z.extend(leasedIncidentSchema, { quarantine: z.object({ pairs: z.array(groupPairSchema) }) }),
  networkInterfaceId: z.string(),
  /** untrack: all is allowed, so that no flow stays tracked. cut: nothing is. put-back: as it was, when the cut fails. */
  phase: z.enum(['untrack', 'cut', 'put-back']),
});

/**
 * One phase of the two-step quarantine of one network interface; described again after each. Idempotent; what was there
 * is saved first and a release puts it back.
 */
export const handler = step('quarantine-interface', input, async (asked, tools) => {
  const { incident, networkInterfaceId, phase } = asked;
  const { incidentId, quarantine } = incident;
  const now = await describe(networkInterfaceId);
  const pair = quarantine.pairs.find(({ vpcId }) => vpcId === now.vpcId);
  if (!pair) throw new NotVerifiedError(`There are no quarantine groups in ${now.vpcId}.`);
  const isOpened = sameGroups(now.groupIds, [pair.openGroupId]);
  const isClosed = sameGroups(now.groupIds, [pair.closedGroupId]);
  if (isClosed && phase !== 'put-back') return { networkInterfaceId, phase };
  if (phase === 'put-back' && !isOpened) return { networkInterfaceId, phase };
  // An interface that we opened is closed or put back whatever the guard says by now: it must never stay open.
  if (!isOpened) {
    await assertMayIsolate(incident, tools);
    const words = { id: networkInterfaceId, what: `Cuts ${networkInterfaceId} off.`, revert: 'put its groups back' };
    await saveBefore(incidentId, 'interface', now, words, tools);
  }
  const wanted = {
    untrack: async () => [pair.openGroupId],
    cut: async () => [pair.closedGroupId],
    'put-back': async () => {
      const entry = await readEntry(incidentId, changeKey('interface', networkInterfaceId), tools.config);
      return parseWith(beforeSchemas.interface, entry?.before, 'entry.before').groupIds;
    },
  };
  await setGroups(now, await wanted[phase]());
  return { networkInterfaceId, phase };
});

async function describe(networkInterfaceId: string): Promise<Interface> {
  const { NetworkInterfaces } = await ec2.send(
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [networkInterfaceId] }),
  );
  return toInterface(NetworkInterfaces?.[0] ?? {});
}

async function setGroups({ networkInterfaceId, groupIds }: Interface, wanted: string[]): Promise<void> {
  if (!sameGroups(groupIds, wanted)) {
    await ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: networkInterfaceId, Groups: wanted }),
    );
  }
  const after = await describe(networkInterfaceId);
  if (sameGroups(after.groupIds, wanted)) return;
  throw new NotVerifiedError(
    `${networkInterfaceId} shows ${after.groupIds.join(', ')} instead of ${wanted.join(', ')}.`,
  );
}

/** The same groups in the same order. */
function sameGroups(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id, index) => id === others[index]);
}
