import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { changesSchema, tellChange } from '../../functions/context/changes';
import { parseWith } from '../../functions/shared/parse';
import type { StackResource } from '../stack/template';

const recordSchema = z.object({
  incidentId: z.string(),
  executionId: z.string(),
  status: z.string(),
  outcome: z.string().optional(),
  code: z.string().optional(),
  reason: z.string().optional(),
  instanceId: z.string().optional(),
  alarmName: z.string().optional(),
  /** Of another account than the stage's own. */
  place: z.object({ account: z.string(), region: z.string() }).optional(),
  openedAt: z.string(),
  closedAt: z.string().optional(),
  extra: z.looseObject({ changes: z.unknown().optional() }).optional(),
});

/** An incident as its table has it: the record and its timeline, in order, with what others changed before. */
export type Incident = Omit<z.output<typeof recordSchema>, 'extra'> & {
  timeline: { key: string; at: string; what: string }[];
};

const entrySchema = z.object({ pk: z.string(), key: z.string(), at: z.string(), what: z.string() });

/** Reads every item of the drill's tables. */
export async function readItems(
  tables: readonly StackResource[],
  client: DynamoDBClient,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  const documents = DynamoDBDocumentClient.from(client);
  for (const { ref } of tables) {
    for await (const page of paginateScan({ client: documents }, { TableName: ref })) items.push(...(page.Items ?? []));
  }
  return items;
}

/** The incidents among a table's items, with their timelines, in the order of opening. */
export function incidentsOf(items: readonly Record<string, unknown>[]): Incident[] {
  const records = items.filter(({ sk }) => sk === 'RECORD').map((item) => recordSchema.parse(item));
  const entries = items.filter(({ sk }) => String(sk).startsWith('ENTRY#')).map((item) => entrySchema.parse(item));
  return records
    .map(({ extra, ...record }) => {
      const timeline = [...timelineOf(record.incidentId, entries), ...changesOf(extra?.changes)];
      return { ...record, timeline: timeline.sort((a, b) => a.at.localeCompare(b.at)) };
    })
    .sort(byOpening);
}

/** What others changed before, if it was looked up. */
function changesOf(known: unknown): Incident['timeline'] {
  if (known === undefined) return [];
  const { changes } = parseWith(changesSchema, known, 'record.extra.changes');
  return changes.map((change) => ({
    key: `change#${change.id}`,
    at: change.at,
    what: `Changed: ${tellChange(change)}`,
  }));
}

function timelineOf(incidentId: string, entries: z.output<typeof entrySchema>[]): Incident['timeline'] {
  const own = entries.filter(({ pk }) => pk === `INCIDENT#${incidentId}` || pk === `EVIDENCE#${incidentId}`);
  return own.map(({ key, at, what }) => ({ key, at, what })).sort((a, b) => a.at.localeCompare(b.at));
}

function byOpening(a: Incident, b: Incident): number {
  return a.openedAt.localeCompare(b.openedAt) || a.incidentId.localeCompare(b.incidentId);
}
