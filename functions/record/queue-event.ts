import { putIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import type { ProjectEvent } from './events';

/** What stands in the index of due notices for an event that has not been sent. */
export const eventDue = 'EVENT';

/**
 * Keeps an event in the table until a schedule has sent it (functions/notice/resend-notices.ts): it has the fate of the
 * record that it tells of, and no incident waits for EventBridge. Once per incident, type and subject.
 */
export async function queueEvent({ type, detail }: ProjectEvent, at: Date, expiresAt: number, config: Config) {
  const subject = 'subject' in detail ? `#${detail.subject}` : '';
  const key = { pk: `INCIDENT#${detail.incidentId}`, sk: `EVENT#${type}${subject}` };
  // The index has the names of a notice's fields: how it is due, and since when.
  const due = { noticeState: eventDue, closedAt: at.toISOString() };
  const Item = { ...key, type, detail, ...due, expiresAt };
  await putIf({ Item, ConditionExpression: 'attribute_not_exists(pk)' }, config);
}
