import * as z from '../shared/schema';
import { step } from '../shared/step';
import { adviceOf } from './advice';
import { sendNoticeOf } from './notify';

const input = z.object({ incident: z.object({ incidentId: z.string() }) });

/** Sends the notice of how the incident ended, at least once: a crash between sending and recording sends it again. */
export const handler = step('send-notice', input, async ({ incident }, { clock, config }) => {
  const isSent = await sendNoticeOf(incident.incidentId, clock.now(), config, adviceOf);
  return { isSent, at: clock.now().toISOString() };
});
