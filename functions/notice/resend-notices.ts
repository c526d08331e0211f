import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { emit } from '../record/metrics/emit';
import { eventDue } from '../record/queue-event';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { adviceOf } from './advice';
import { sendNoticeOf } from './notify';
import { type EventKey, sendEvents } from './send-events';

/** Some notices or events are still due after this run; the next run retries them, and this error raises the alarm. */
export class NoticesStillDueError extends PlaybookError {}

/** A running execution sends its own notice; only older ones are sent here. */
const graceSeconds = 60;
/** Nobody else sends events, so that one is late only when a run could not send it. */
const lateSeconds = 150;

/** Sends notices that could not be sent when their incidents were closed, and all events. Runs on a schedule. */
export const handler = step('resend-notices', z.unknown(), async (_input, { clock, config }) => {
  const now = clock.now();
  const notices = await due('PENDING', before(now, graceSeconds), config);
  const events = await due(eventDue, now.toISOString(), config);
  const late = events.filter(({ closedAt }) => closedAt < before(now, lateSeconds));
  // No log line if nothing is due: this runs every minute.
  const value = notices.length + late.length;
  if (value > 0) emit([{ name: 'NoticesDue', value }], config.STAGE);
  const failures: unknown[] = [];
  for (const { pk } of notices) {
    try {
      await sendNoticeOf(pk.replace(/^INCIDENT#/, ''), now, config, adviceOf);
    } catch (error) {
      failures.push(error);
    }
  }
  const refused = events.length > 0 ? await sendEvents(events, now, config) : [];
  if (failures.length + refused.length > 0) throw stillDue([notices.length, failures], [events.length, refused]);
  return { sent: notices.length, events: events.length };
});

type Of = [all: number, failures: unknown[]];

function stillDue([notices, unsent]: Of, [events, refused]: Of): NoticesStillDueError {
  const parts = [
    ...(unsent.length > 0 ? [`${unsent.length} of ${notices} notices`] : []),
    ...(refused.length > 0 ? [`${refused.length} of ${events} events`] : []),
  ];
  return new NoticesStillDueError(`${parts.join(' and ')} could not be sent.`, { cause: unsent[0] ?? refused[0] });
}

const before = (now: Date, seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();

async function due(
  noticeState: string,
  until: string,
  { TABLE_NAME }: Config,
): Promise<(EventKey & { closedAt: string })[]> {
  const { Items } = await table.send(
    new QueryCommand({
      TableName: TABLE_NAME,
      IndexName: 'by-notice',
      KeyConditionExpression: 'noticeState = :due AND closedAt < :before',
      ExpressionAttributeValues: { ':due': noticeState, ':before': until },
      Limit: 100,
    }),
  );
  return (Items ?? []).map(({ pk, sk, closedAt }) => ({ pk: String(pk), sk: String(sk), closedAt: String(closedAt) }));
}
