import type { Instance } from '@aws-sdk/client-ec2';
import { findInstance } from '../guard/describe';
import { toTags } from '../guard/tags';
import { targetedIncidentSchema } from '../record/leased-incident';
import { fromAws } from '../shared/aws-errors';
import { logger } from '../shared/logger';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { beganAt, lookedBackMinutes, withElsewhere } from './changes';
import { hasIdentityHistory, identitiesOf } from './identity';
import { lookUpChanges } from './look-up';

const input = z.object({ incident: targetedIncidentSchema });

/** At most so many names, since each is a call of its own. */
const mostResources = 8;

/** Looks up what changed before the alarm, for people: nothing is decided by it, and nothing waits for it. */
export const handler = step('look-up-changes', input, async ({ incident }, tools) => {
  const { alarm, finding, openedAt, instanceId } = incident;
  const happenedAt = beganAt({ alarm, finding, openedAt });
  const since = new Date(happenedAt.getTime() - lookedBackMinutes * 60_000);
  const instance = await findInstance(instanceId);
  const { names: identities, unknown } = await readIdentities(instance.IamInstanceProfile?.Arn);
  const resources = resourcesOf(instanceId, instance);
  const changes = await lookUpChanges({ resources, identities, since }, incident.incidentId, tools);
  return withElsewhere(changes, [], [unknown]);
});

/** The role and profile of an instance, or why they are not known. */
async function readIdentities(profileArn: string | undefined): Promise<{ names?: string[]; unknown?: string }> {
  if (!profileArn) return {};
  if (!hasIdentityHistory(profileArn)) return { unknown: 'Changes of its role are not known in this partition.' };
  try {
    return { names: await identitiesOf(profileArn) };
  } catch (error) {
    const { name, message } = fromAws(error);
    logger.error('changes not read', { step: 'look-up-changes', error: name, why: message });
    return { unknown: `The role of its instance profile was not read (${name}).` };
  }
}

const groupOf = ({ Tags }: Instance): string | undefined => toTags(Tags)['aws:autoscaling:groupName'];

/** The instance and what belongs to it, in the order in which a change of it tells most. */
function resourcesOf(instanceId: string, instance: Instance): string[] {
  const { SecurityGroups = [], NetworkInterfaces = [], BlockDeviceMappings = [] } = instance;
  const names = [
    instanceId,
    ...SecurityGroups.map(({ GroupId }) => GroupId),
    groupOf(instance),
    ...BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId),
    ...NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
  ];
  return [...new Set(names.flatMap((name) => name ?? []))].slice(0, mostResources);
}
