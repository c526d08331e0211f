import { step } from '../incident/ending-step';
import { newIncidentSchema } from '../record/incident';
import * as z from '../shared/schema';
import { readAlarm } from './alarm-now';
import { confirm } from './confirm';

const input = z.object({
  incident: z.extend(newIncidentSchema, { reboot: z.optional(z.object({ at: z.string() })) }),
});

/** Reads the alarm again before anything is done: an event may be late, out of order or forged. */
export const handler = step('confirm-alarm', input, async ({ incident }) => {
  const { alarm, drill, reboot } = incident;
  if (!alarm || drill) return { verdict: 'NOT_ASKED' };
  return confirm(alarm, await readAlarm(alarm), reboot !== undefined);
});
