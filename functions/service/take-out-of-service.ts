import { EnterStandbyCommand } from '@aws-sdk/client-auto-scaling';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { assertMayIsolate } from '../containment/may-isolate';
import { assertMayChange } from '../guard/may-change';
import { step } from '../incident/ending-step';
import { leasedIncidentSchema } from '../record/leased-incident';
import { membershipEntry, readEntry, writeEntry } from '../record/store';
import { autoScalingOnce } from '../shared/clients/auto-scaling';
import { elasticLoadBalancing } from '../shared/clients/elastic-load-balancing';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { judgeMove, type Membership, membershipSchema, moveSchema, type ServiceState } from './membership';
import { readMembership, readServiceState } from './read-service';

const input = z.object({
  incident: z.extend(leasedIncidentSchema, { leaving: z.optional(moveSchema) }),
  ceilingSeconds: z.number(),
});

/**
 * Takes the instance out of its Auto Scaling group (Standby) and its target groups (deregister, drain), and checks the
 * progress. Safe to run again: parts that are already out are left alone. "Put back in service" reverts it.
 */
export const handler = step('take-out-of-service', input, async ({ incident, ceilingSeconds }, tools) => {
  const { instanceId, incidentId } = incident;
  // An isolation has approval instead of a plan.
  if (incident.playbook === 'isolate-instance') await assertMayIsolate(incident, tools);
  else await assertMayChange(incident, tools, { action: 'stop-start' });
  const membership = await rememberMembership(incidentId, instanceId, tools.clock.now(), tools.config);
  const state = await readServiceState(instanceId, membership);
  await leave(instanceId, membership, state);
  const after = await readServiceState(instanceId, membership);
  return judgeMove('out', membership, after, incident.leaving, tools.clock.now(), ceilingSeconds);
});

/** Recorded before the first change, and read back on every later check: a crash in between loses nothing. */
async function rememberMembership(
  incidentId: string,
  instanceId: string,
  now: Date,
  config: Config,
): Promise<Membership> {
  const known = await readEntry(incidentId, membershipEntry, config);
  if (known) return parseWith(membershipSchema, known.before, 'entry.before');
  const membership = await readMembership(instanceId);
  const count = membership.targets.length + (membership.group ? 1 : 0);
  if (count === 0) return membership;
  const what = `Taking the instance out of service (${membership.group ?? 'no Auto Scaling group'}, ${plural(membership.targets.length, 'target')}).`;
  const entry = {
    key: membershipEntry,
    at: now.toISOString(),
    what,
    before: membership,
    revert: 'put it back in service',
  };
  await writeEntry(incidentId, entry, config);
  return membership;
}

async function leave(instanceId: string, { group, targets }: Membership, state: ServiceState): Promise<void> {
  if (group && state.lifecycle === 'InService') {
    await autoScalingOnce.send(
      new EnterStandbyCommand({
        AutoScalingGroupName: group,
        InstanceIds: [instanceId],
        ShouldDecrementDesiredCapacity: true,
      }),
    );
  }
  for (const [index, { targetGroupArn, port }] of targets.entries()) {
    if (state.health[index] === 'unused' || state.health[index] === 'draining') continue;
    const Targets = [{ Id: instanceId, ...(port === undefined ? {} : { Port: port }) }];
    await elasticLoadBalancing.send(new DeregisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets }));
  }
}
