import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { emit } from '../record/metrics/emit';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { adviceOf } from './advice';
import { sendNoticeOf } from './notify';

/** Some notices are still due after this run; the next run retries them, and this error raises the alarm. */
export class NoticesStillDueError extends PlaybookError {}

/** A running execution sends its own notice; only older ones are sent here. */
const graceSeconds = 60;

/** Sends notices that could not be sent when their incidents were closed. Runs on a schedule. */
export const handler = step('resend-notices', z.unknown(), async (_input, { clock, config }) => {
  const now = clock.now();
  const due = await dueNotices(new Date(now.getTime() - graceSeconds * 1000), config);
  // No log line if nothing is due: this runs every minute.
  if (due.length > 0) emit([{ name: 'NoticesDue', value: due.length }], config.STAGE);
  const failures: unknown[] = [];
  for (const incidentId of due) {
    try {
      await sendNoticeOf(incidentId, now, config, adviceOf);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw new NoticesStillDueError(`${failures.length} of ${due.length} notices could not be sent.`, {
      cause: failures[0],
    });
  }
  return { sent: due.length };
});

async function dueNotices(before: Date, config: Config): Promise<string[]> {
  const { Items } = await table.send(
    new QueryCommand({
      TableName: config.TABLE_NAME,
      IndexName: 'by-notice',
      KeyConditionExpression: 'noticeState = :due AND closedAt < :before',
      ExpressionAttributeValues: { ':due': 'PENDING', ':before': before.toISOString() },
      Limit: 100,
    }),
  );
  return (Items ?? []).map(({ pk }) => String(pk).replace(/^INCIDENT#/, ''));
}
