import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { openedBetween } from '../../functions/record/opened-between';
import { upgradeRecord } from '../../functions/record/record-version';
import { table } from '../../functions/shared/clients/dynamodb';
import { PlaybookError } from '../../functions/shared/errors';
import { parseWith } from '../../functions/shared/parse';
import { askStage } from '../ask-stage';

/** The stage has no incident of that ID. */
export class NoSuchIncidentError extends PlaybookError {}

/** What is shown of a record, open or closed. */
export const recordSchema = z.object({
  incidentId: z.string(),
  playbook: z.string(),
  executionId: z.string(),
  status: z.string(),
  openedAt: z.string(),
  drill: z.boolean().default(false),
  outcome: z.string().optional(),
  code: z.string().optional(),
  reason: z.string().optional(),
  closedAt: z.string().optional(),
  instanceId: z.string().optional(),
  alarmName: z.string().optional(),
  /** Where its instance is, if that is another account than the stage's own. */
  place: z.object({ account: z.string(), region: z.string() }).optional(),
});
export type IncidentRecord = z.output<typeof recordSchema>;

const entrySchema = z.object({ key: z.string(), at: z.string(), what: z.string() });
export type Entry = z.output<typeof entrySchema>;

export interface IncidentWithTimeline extends IncidentRecord {
  timeline: Entry[];
}

/** What says whose an incident is. */
interface Whose {
  place?: { account: string } | undefined;
  executionId?: string | undefined;
}

/** The account of an incident: that of its place, or the stage's own, in which its execution ran. Pure. */
export const accountOf = ({ place, executionId = '' }: Whose): string | undefined =>
  place?.account ?? /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(executionId)?.[1];

export const tableOf = (stage: string): string => `incident-playbooks-${stage}-incidents`;

const ofStage = <T>(stage: string, ask: () => Promise<T>): Promise<T> =>
  askStage(`Stage ${stage} could not be read from ${tableOf(stage)}`, ask);

const parsed = (item: Record<string, unknown>): IncidentRecord =>
  parseWith(recordSchema, upgradeRecord(item), 'record');

/** The incidents opened in a period: open ones first, then the newest. @throws StageCallError */
export async function readList(stage: string, from: Date, until: Date): Promise<IncidentRecord[]> {
  return ofStage(stage, async () => {
    const found: IncidentRecord[] = [];
    for await (const item of openedBetween(tableOf(stage), from, until)) found.push(parsed(item));
    const isOpen = ({ status }: IncidentRecord) => status === 'OPEN';
    return found.sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.openedAt.localeCompare(a.openedAt));
  });
}

/** One incident with everything that was written about it. @throws NoSuchIncidentError, StageCallError */
export async function readOne(stage: string, incidentId: string): Promise<IncidentWithTimeline> {
  return ofStage(stage, async () => {
    const { Items = [] } = await table.send(
      new QueryCommand({
        TableName: tableOf(stage),
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `INCIDENT#${incidentId}` },
        ConsistentRead: true,
      }),
    );
    const record = Items.find(({ sk }) => sk === 'RECORD');
    if (!record) throw new NoSuchIncidentError(`There is no incident ${incidentId} in stage ${stage}.`);
    const entries = Items.filter(({ sk }) => String(sk).startsWith('ENTRY#'));
    const timeline = entries.map((entry) => parseWith(entrySchema, entry, 'timeline entry'));
    return { ...parsed(record), timeline: timeline.sort((a, b) => a.at.localeCompare(b.at)) };
  });
}
