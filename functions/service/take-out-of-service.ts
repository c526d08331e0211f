import { EnterStandbyCommand } from '@aws-sdk/client-auto-scaling';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { assertMayIsolate } from '../containment/may-isolate';
import { assertMayChange } from '../guard/may-change';
import { step } from '../incident/ending-step';
import type { TimelineEntry } from '../record/incident';
import { leasedIncidentSchema } from '../record/leased-incident';
import { membershipEntry, readEntry, writeEntry } from '../record/store';
import { autoScalingOnce } from '../shared/clients/auto-scaling';
import { elasticLoadBalancing } from '../shared/clients/elastic-load-balancing';
import { parseWith } from '../shared/parse';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';
import { awaitTurn } from './await-turn';
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
  const isIsolation = incident.playbook === 'isolate-instance';
  const snapshot = isIsolation
    ? await assertMayIsolate(incident, tools)
    : await assertMayChange(incident, tools, { action: 'stop-start' });
  const known = await readEntry(incidentId, membershipEntry, tools.config);
  const { targetGroupArns, ...found } = known
    ? { ...asRecorded(known), targetGroupArns: [] }
    : await readMembership(instanceId);
  // An isolation waits for nobody.
  const held =
    known || isIsolation ? undefined : await awaitTurn(incident, snapshot, { ...found, targetGroupArns }, tools);
  if (held) return held;
  const membership = known ? found : await rememberMembership(found, incidentId, tools);
  const state = await readServiceState(instanceId, membership);
  await leave(instanceId, membership, state);
  const after = await readServiceState(instanceId, membership);
  // The time limit of the move begins when the turn is taken.
  const before = incident.leaving?.turn ? undefined : incident.leaving;
  return judgeMove('out', membership, after, before, tools.clock.now(), ceilingSeconds);
});

const asRecorded = ({ before }: TimelineEntry) => parseWith(membershipSchema, before, 'entry.before');

/** Recorded before the first change, and read back on every later check: a crash in between loses nothing. */
async function rememberMembership(
  membership: Membership,
  incidentId: string,
  { clock, config }: StepTools,
): Promise<Membership> {
  const count = membership.targets.length + (membership.group ? 1 : 0);
  if (count === 0) return membership;
  const what = `Taking the instance out of service (${membership.group ?? 'no Auto Scaling group'}, ${plural(membership.targets.length, 'target')}).`;
  const entry = {
    key: membershipEntry,
    at: clock.now().toISOString(),
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
