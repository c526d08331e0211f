import { PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { eventSchemas, eventSource } from '../record/event-schema';
import { chunksOf } from '../shared/chunks';
import { eventBridge } from '../shared/clients/event-bridge';
import { readItem, updateItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

/** EventBridge did not take an event: it stays due. */
export class EventRefusedError extends PlaybookError {}

/** An event in the table, by its key. */
export interface EventKey {
  pk: string;
  sk: string;
}

const environment = z.object({ EVENT_BUS: z.matching(/^[\w./-]{1,256}$/, 'the name of an event bus') });
const types = Object.keys(eventSchemas) as [keyof typeof eventSchemas];
const queued = z.object({
  type: z.enum(types),
  detail: z.looseObject({ executionArn: z.optional(z.string()) }),
  closedAt: z.string(),
});

/** The most entries of one PutEvents. Source: EventBridge API reference, PutEvents. */
const mostEntries = 10;

/**
 * Sends events that are due, and marks each as sent that EventBridge took: at least once. Of a call that takes only some,
 * the others stay due.
 * @returns the errors of those that stay due
 */
export async function sendEvents(keys: readonly EventKey[], now: Date, config: Config): Promise<unknown[]> {
  const { EVENT_BUS } = parseWith(environment, process.env, 'environment');
  const failures: unknown[] = [];
  const ready: { key: EventKey; entry: PutEventsRequestEntry }[] = [];
  for (const { pk, sk } of keys) {
    const key = { pk, sk };
    try {
      const entry = entryOf(await readItem(key, config), EVENT_BUS);
      if (entry) ready.push({ key, entry });
    } catch (error) {
      failures.push(error);
    }
  }
  for (const group of chunksOf(ready, mostEntries)) {
    try {
      failures.push(...(await sendGroup(group, now, config)));
    } catch (error) {
      failures.push(error);
    }
  }
  return failures;
}

/** @throws InvalidInputError if the item is not what was queued; undefined if it is gone or has been sent meanwhile */
function entryOf(item: Record<string, unknown> | undefined, EventBusName: string): PutEventsRequestEntry | undefined {
  if (!item?.noticeState) return undefined;
  const { type, detail, closedAt } = parseWith(queued, item, 'event');
  const checked = parseWith(eventSchemas[type], detail, 'event.detail');
  const { executionArn } = detail;
  return {
    ...{ EventBusName, Source: eventSource, DetailType: type, Detail: JSON.stringify(checked) },
    ...{ Time: new Date(closedAt), Resources: executionArn ? [executionArn] : [] },
  };
}

async function sendGroup(
  group: readonly { key: EventKey; entry: PutEventsRequestEntry }[],
  now: Date,
  config: Config,
): Promise<unknown[]> {
  const Entries = group.map(({ entry }) => entry);
  const { Entries: results = [] } = await eventBridge.send(new PutEventsCommand({ Entries }));
  const failures: unknown[] = [];
  for (const [index, { key, entry }] of group.entries()) {
    const { EventId, ErrorCode, ErrorMessage } = results[index] ?? {};
    if (EventId) await markSent(key, now, config);
    else
      failures.push(new EventRefusedError(`${entry.DetailType}: ${ErrorCode ?? 'no answer'}: ${ErrorMessage ?? ''}`));
  }
  return failures;
}

async function markSent(Key: EventKey, now: Date, config: Config): Promise<void> {
  await updateItem(
    {
      Key: { ...Key },
      UpdateExpression: 'SET sentAt = :at REMOVE noticeState',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':at': now.toISOString() },
    },
    config,
  );
}
