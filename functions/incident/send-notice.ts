import * as z from 'zod/mini';
import type { Config } from '../shared/config';
import { step } from '../shared/step';
import { buildNotice } from './notice';
import { publish } from './publish';
import { readRecord } from './read-record';
import { markNoticeSent, readTimeline } from './store';

const input = z.object({ incident: z.object({ incidentId: z.string() }) });

/** Tells people how the incident ended. At least once: a crash between sending and noting it sends it again. */
export const handler = step('send-notice', input, async ({ incident }, { clock, config }) => {
  const isSent = await sendNoticeOf(incident.incidentId, clock.now(), config);
  return { isSent, at: clock.now().toISOString() };
});

/**
 * Sends the notice of a closed record, if one is due, and marks it as sent.
 * @returns false when none is due: it is sent already, or another incident's notice tells it
 */
export async function sendNoticeOf(incidentId: string, now: Date, config: Config): Promise<boolean> {
  const record = await readRecord(incidentId, config);
  if (record.noticeState !== 'PENDING') return false;
  const timeline = await readTimeline(incidentId, config);
  const region = process.env.AWS_REGION ?? 'us-east-1';
  await publish(buildNotice({ ...record, timeline, stage: config.STAGE, region }), config);
  await markNoticeSent(incidentId, now, config);
  return true;
}
