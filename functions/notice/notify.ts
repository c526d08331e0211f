import { readRecord } from '../record/read-record';
import { markNoticeSent, readTimeline } from '../record/store';
import type { Config } from '../shared/config';
import { instanceName } from './instance-name';
import { buildNotice } from './notice';
import { publish } from './publish';

/**
 * Sends the notice of a closed record, if one is due, and marks it as sent.
 * @returns false if none is due: it has been sent, or another incident's notice covers it
 */
export async function sendNoticeOf(incidentId: string, now: Date, config: Config): Promise<boolean> {
  const record = await readRecord(incidentId, config);
  if (record.noticeState !== 'PENDING') return false;
  const timeline = await readTimeline(incidentId, config);
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const name = await instanceName(record.instanceId);
  await publish(buildNotice({ ...record, timeline, stage: config.STAGE, region, instanceName: name }), config);
  await markNoticeSent(incidentId, now, config);
  return true;
}
