import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { recordKey } from '../../functions/record/store';
import { readItem } from '../../functions/shared/clients/table';
import { parseWith } from '../../functions/shared/parse';
import { ask } from '../doctor/ask';
import { arnIn } from '../doctor/check';
import { readList, recordSchema, tableOf } from '../incidents/records';
import type { Smoke } from './frame';
import { until } from './until';

/** An execution that this run has caused. */
export interface Found {
  arn: string;
  startedAt: Date;
}

/** The alias by which rules and people start a machine. */
export const aliasOf = (smoke: Smoke, machine: string): string =>
  `${arnIn(smoke, 'states', `stateMachine:*-${machine}`)}:live`;

/** Clocks differ: an execution may seem to have begun a moment before what started it. */
const clocksDifferMs = 5_000;

/**
 * Waits for an execution that was started by the alias.
 * @param isOurs whether its input, as JSON, is of this run
 * @returns undefined if none began within the time
 */
export async function findExecution(
  smoke: Smoke,
  machine: string,
  since: Date,
  isOurs: (input: string) => boolean,
  limitMs: number,
): Promise<Found | undefined> {
  const others = new Set<string>();
  const input = { stateMachineArn: aliasOf(smoke, machine), maxResults: 100 };
  return until(smoke.clock, limitMs, async () => {
    const { executions = [] } = await ask('states:ListExecutions', () =>
      smoke.clients.sfn.send(new ListExecutionsCommand(input)),
    );
    for (const { executionArn: arn = '', startDate } of executions) {
      if (!startDate || startDate.getTime() < since.getTime() - clocksDifferMs || others.has(arn)) continue;
      const one = await describe(smoke, arn);
      if (isOurs(one.input ?? '')) return { arn, startedAt: startDate };
      others.add(arn);
    }
    return undefined;
  });
}

const describe = ({ clients: { sfn } }: Smoke, executionArn: string) =>
  ask('states:DescribeExecution', () => sfn.send(new DescribeExecutionCommand({ executionArn })));

/** Waits until an execution has ended. @returns its status, or undefined if it still runs */
export async function statusOf(smoke: Smoke, { arn }: Found, limitMs: number): Promise<string | undefined> {
  return until(smoke.clock, limitMs, async () => {
    const { status = 'RUNNING' } = await describe(smoke, arn);
    return status === 'RUNNING' ? undefined : status;
  });
}

const closingSchema = recordSchema.extend({ noticeState: z.string().optional(), noticeSentAt: z.string().optional() });
export type ClosedRecord = z.output<typeof closingSchema>;

/** Waits for the record of an execution. @returns undefined if there is none within the time */
export async function recordOf(smoke: Smoke, { arn, startedAt }: Found, limitMs: number) {
  const from = new Date(startedAt.getTime() - 60_000);
  return until(smoke.clock, limitMs, async () => {
    const all = await ask('dynamodb:Query', () => readList(smoke.stage, from, smoke.clock.now()));
    const found = all.find(({ executionId }) => executionId === arn);
    return found && readClosed(smoke, found.incidentId);
  });
}

/** The record as it is now; undefined where it is not closed. */
export async function readClosed({ stage }: Smoke, incidentId: string): Promise<ClosedRecord | undefined> {
  const item = await ask('dynamodb:GetItem', () => readItem(recordKey(incidentId), { TABLE_NAME: tableOf(stage) }));
  return item?.outcome === undefined ? undefined : parseWith(closingSchema, item, 'record');
}
