import type { Instance } from '@aws-sdk/client-ec2';
import { findInstance } from '../guard/describe';
import { toTags } from '../guard/tags';
import { targetedIncidentSchema } from '../record/leased-incident';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { beganAt } from './changes';
import { lookUpChanges } from './look-up';

const input = z.object({ incident: targetedIncidentSchema });

/** How far back a change is looked for. */
const backMinutes = 90;

/** At most so many names, since each is a call of its own. */
const mostResources = 8;

/** Looks up what changed before the alarm, for people: nothing is decided by it, and nothing waits for it. */
export const handler = step('look-up-changes', input, async ({ incident }, tools) => {
  const { alarm, finding, openedAt, instanceId } = incident;
  const happenedAt = beganAt({ alarm, finding, openedAt });
  const since = new Date(happenedAt.getTime() - backMinutes * 60_000);
  const resources = resourcesOf(instanceId, await findInstance(instanceId));
  return lookUpChanges({ resources, since }, incident.incidentId, tools);
});

/** The instance and what belongs to it, in the order in which a change of it tells most. */
function resourcesOf(instanceId: string, instance: Instance): string[] {
  const { SecurityGroups = [], NetworkInterfaces = [], BlockDeviceMappings = [], IamInstanceProfile, Tags } = instance;
  const group = toTags(Tags)['aws:autoscaling:groupName'];
  const names = [
    instanceId,
    ...SecurityGroups.map(({ GroupId }) => GroupId),
    group,
    IamInstanceProfile?.Arn?.split('/').at(-1),
    ...BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId),
    ...NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
  ];
  return [...new Set(names.flatMap((name) => name ?? []))].slice(0, mostResources);
}
