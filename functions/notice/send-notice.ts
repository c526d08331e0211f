import * as z from '../shared/schema';
import { step } from '../shared/step';
import { sendNoticeOf } from './notify';

const input = z.object({ incident: z.object({ incidentId: z.string() }) });

/** Sends the notice of how the incident ended, at least once: a crash between sending and recording sends it again. */
export const handler = step('send-notice', input, async ({ incident }, { clock, config }) => {
  const isSent = await sendNoticeOf(incident.incidentId, clock.now(), config);
  return { isSent, at: clock.now().toISOString() };
});
