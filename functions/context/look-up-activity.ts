import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { targetedIncidentSchema } from '../record/leased-incident';
import { scalingActivities } from '../shared/clients/activity';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { beganAt, type Changes, changesSchema, lookedBackMinutes, withElsewhere } from './changes';
import { lookElsewhere } from './look-elsewhere';

const input = z.object({ incident: z.extend(targetedIncidentSchema, { changes: z.optional(changesSchema) }) });

/**
 * Looks up what Auto Scaling, CodeDeploy and Systems Manager did to the instance before the alarm, for people: nothing is
 * decided by it, and nothing waits for it.
 */
export const handler = step('look-up-activity', input, async ({ incident }, { clock }) => {
  const { alarm, finding, openedAt, instanceId } = incident;
  const happenedAt = beganAt({ alarm, finding, openedAt });
  const since = new Date(happenedAt.getTime() - lookedBackMinutes * 60_000);
  const { changes, unknown } = await lookElsewhere({ instanceId, groupOf }, since);
  const known = incident.changes ?? notInCloudTrail(since, clock.now());
  return { ...withElsewhere(known, changes, [unknown]), isComplete: true as const };
});

/** What is known when the step before failed. */
const notInCloudTrail = (since: Date, now: Date): Changes => ({
  resources: [],
  since: since.toISOString(),
  asOf: now.toISOString(),
  changes: [],
  unknown: 'CloudTrail was not read.',
});

/** The Auto Scaling group that an instance belongs to, if any. */
async function groupOf(instanceId: string): Promise<string | undefined> {
  const request = new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId] });
  return (await scalingActivities.send(request)).AutoScalingInstances?.[0]?.AutoScalingGroupName;
}
