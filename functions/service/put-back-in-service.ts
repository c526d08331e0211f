import { ExitStandbyCommand } from '@aws-sdk/client-auto-scaling';
import { RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { assertItsIsolation } from '../containment/may-release';
import { assertMayChange } from '../guard/may-change';
import { settleTurn } from '../guard/turn';
import { step } from '../incident/ending-step';
import { leasedIncidentSchema } from '../record/leased-incident';
import { hasEntry, membershipEntry, readEntry, writeEntry } from '../record/store';
import { autoScalingOnce } from '../shared/clients/auto-scaling';
import { elasticLoadBalancing } from '../shared/clients/elastic-load-balancing';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { judgeMove, type Membership, membershipSchema, moveSchema, type ServiceState } from './membership';
import { readServiceState } from './read-service';

const input = z.object({
  incident: z.extend(leasedIncidentSchema, { returning: z.optional(moveSchema) }),
  ceilingSeconds: z.number(),
  /** The incident that took it out of service, if it was another one. */
  servedBefore: z.optional(z.string()),
});

/** Puts the instance back in service exactly as before, and checks whether it is. Safe to run again. */
export const handler = step('put-back-in-service', input, async ({ incident, ceilingSeconds, servedBefore }, tools) => {
  const { instanceId, incidentId } = incident;
  if (servedBefore !== undefined) await assertItsIsolation({ instanceId, isolatedBy: servedBefore }, tools);
  const known = await readEntry(servedBefore ?? incidentId, membershipEntry, tools.config);
  const membership = known ? parseWith(membershipSchema, known.before, 'entry.before') : { targets: [] };
  if (known) await assertMayChange(incident, tools);
  await comeBack(instanceId, membership, await readServiceState(instanceId, membership));
  const state = await readServiceState(instanceId, membership);
  const now = tools.clock.now();
  const move = judgeMove('back', membership, state, incident.returning, now, ceilingSeconds);
  const wasStarted = await hasEntry(incidentId, 'start-requested', tools.config);
  if (wasStarted && move.verdict === 'DONE') await settleTurn(incidentId, startedAgain, now, tools.config);
  if (known && move.verdict === 'DONE') {
    await writeEntry(
      incidentId,
      { key: 'back-in-service', at: now.toISOString(), what: 'The instance is back in service.' },
      tools.config,
    );
  }
  return move;
});

/** The state machine comes here with a start only after both status checks have passed. */
const startedAgain = { end: 'up', why: 'The instance started and passed its status checks.' } as const;

async function comeBack(instanceId: string, { group, targets }: Membership, state: ServiceState): Promise<void> {
  if (group && state.lifecycle === 'Standby') {
    await autoScalingOnce.send(new ExitStandbyCommand({ AutoScalingGroupName: group, InstanceIds: [instanceId] }));
  }
  for (const [index, { targetGroupArn, port }] of targets.entries()) {
    if (state.health[index] !== 'unused' && state.health[index] !== 'draining') continue;
    const Targets = [{ Id: instanceId, ...(port === undefined ? {} : { Port: port }) }];
    await elasticLoadBalancing.send(new RegisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets }));
  }
}
