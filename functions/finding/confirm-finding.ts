import { step } from '../incident/ending-step';
import { newIncidentSchema } from '../record/incident';
import * as z from '../shared/schema';
import { confirmFinding } from './confirm';
import { readFindingNow } from './finding-now';

const input = z.object({ incident: newIncidentSchema });

/** Reads the finding again before anything is done: an event may be late, a copy, or of another place than it says. */
export const handler = step('confirm-finding', input, async ({ incident: { finding, drill } }) => {
  if (!finding || drill) return { verdict: 'NOT_ASKED' };
  return confirmFinding(finding, await readFindingNow(finding));
});
