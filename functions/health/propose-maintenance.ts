import { createHash } from 'node:crypto';
import { DescribeInstanceStatusCommand } from '@aws-sdk/client-ec2';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describeFleet } from '../enrolment/fleet';
import { forEachPlace } from '../place/for-each-place';
import { kept, type Place, scopeOf } from '../place/place';
import { unlessAlready } from '../shared/ask-again';
import { ec2 } from '../shared/clients/ec2';
import { stepFunctions } from '../shared/clients/step-functions';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { dueNow } from './maintenance';
import { type PlannedEvent, toPlanned } from './planned-events';
import type { Proposal } from './read-maintenance';

const environment = z.object({
  MAINTENANCE_MACHINE_ARN: z.string(),
  MAINTENANCE_WINDOW: z.matching(/^\d\d:\d\d-\d\d:\d\d$/, 'a window such as 09:00-16:00'),
});

/** Every code of a planned event. Source: EC2 API reference, DescribeInstanceStatus, filter event.code. */
const codes = ['instance-reboot', 'instance-retirement', 'instance-stop', 'system-maintenance', 'system-reboot'];

/**
 * Starts host-maintenance for each opted-in instance for which EC2 has planned something that is due to be proposed. What
 * started it, a schedule or an event of AWS Health, only says when to look: EC2 has what is planned now, in every account of
 * the stage. One that cannot be read is told as unknown, and keeps no other from being looked at.
 */
export const handler = step('propose-maintenance', z.unknown(), async (_event, { clock, config }) => {
  const { MAINTENANCE_MACHINE_ARN, MAINTENANCE_WINDOW } = parseWith(environment, process.env, 'environment');
  const scope = scopeOf(config);
  const over = await forEachPlace(scope, 'propose-maintenance', () => plannedHere(config));
  const started: string[] = [];
  for (const { place, found } of over.found) {
    const where = kept(place, scope);
    for (const event of found.ofFleet) {
      const round = dueNow(event, clock.now(), MAINTENANCE_WINDOW);
      if (!round) continue;
      await start(MAINTENANCE_MACHINE_ARN, event, round, where);
      started.push(event.instanceId);
    }
  }
  const planned = over.found.reduce((sum, { found }) => sum + found.planned, 0);
  return { planned, started, ...(over.unknown.length > 0 ? { unknown: over.unknown } : {}) };
});

/** What is planned in the place of the running code: how much, and the part of it that is about opted-in instances. */
async function plannedHere(config: Pick<Config, 'OPT_IN_TAG'>): Promise<{ planned: number; ofFleet: PlannedEvent[] }> {
  const planned = await plannedInRegion();
  const optedIn = new Set(planned.length > 0 ? (await describeFleet(config)).map(({ instanceId }) => instanceId) : []);
  return { planned: planned.length, ofFleet: planned.filter(({ instanceId }) => optedIn.has(instanceId)) };
}

/** The next planned event of each instance of the region that has one. */
async function plannedInRegion(): Promise<PlannedEvent[]> {
  const found: PlannedEvent[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(
      new DescribeInstanceStatusCommand({
        Filters: [{ Name: 'event.code', Values: codes }],
        MaxResults: 100,
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    for (const { InstanceId, Events } of page.InstanceStatuses ?? [])
      found.push(...toPlanned(InstanceId!, Events).slice(0, 1));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/** Starting the same proposal again changes nothing: its name is taken for 90 days. */
async function start(
  stateMachineArn: string,
  event: PlannedEvent,
  round: string,
  where: { place?: Place },
): Promise<void> {
  const { instanceId, id, code, notBefore = '' } = event;
  // The same ID may be another instance in another account.
  const of = where.place ? [where.place.account] : [];
  const what = [...of, instanceId, id ?? code, notBefore, round].join('#');
  const proposal = createHash('sha256').update(what).digest('hex').slice(0, 20);
  const input: Proposal = { start: 'schedule', instanceId, proposal, ...where };
  const request = new StartExecutionCommand({ stateMachineArn, name: proposal, input: JSON.stringify(input) });
  await unlessAlready('ExecutionAlreadyExists', stepFunctions.send(request));
}
