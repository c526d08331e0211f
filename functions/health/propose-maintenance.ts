import { createHash } from 'node:crypto';
import { DescribeInstanceStatusCommand } from '@aws-sdk/client-ec2';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describeFleet } from '../enrolment/fleet';
import { unlessAlready } from '../shared/ask-again';
import { ec2 } from '../shared/clients/ec2';
import { stepFunctions } from '../shared/clients/step-functions';
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
 * started it, a schedule or an event of AWS Health, only says when to look: EC2 has what is planned now.
 */
export const handler = step('propose-maintenance', z.unknown(), async (_event, { clock, config }) => {
  const { MAINTENANCE_MACHINE_ARN, MAINTENANCE_WINDOW } = parseWith(environment, process.env, 'environment');
  const planned = await plannedInRegion();
  const optedIn = new Set(planned.length > 0 ? (await describeFleet(config)).map(({ instanceId }) => instanceId) : []);
  const started: string[] = [];
  for (const event of planned) {
    const round = dueNow(event, clock.now(), MAINTENANCE_WINDOW);
    if (!round || !optedIn.has(event.instanceId)) continue;
    await start(MAINTENANCE_MACHINE_ARN, event, round);
    started.push(event.instanceId);
  }
  return { planned: planned.length, started };
});

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
async function start(stateMachineArn: string, event: PlannedEvent, round: string): Promise<void> {
  const { instanceId, id, code, notBefore = '' } = event;
  const what = [instanceId, id ?? code, notBefore, round].join('#');
  const proposal = createHash('sha256').update(what).digest('hex').slice(0, 20);
  const input: Proposal = { start: 'schedule', instanceId, proposal };
  const request = new StartExecutionCommand({ stateMachineArn, name: proposal, input: JSON.stringify(input) });
  await unlessAlready('ExecutionAlreadyExists', stepFunctions.send(request));
}
