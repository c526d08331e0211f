import { leasedIncidentSchema } from '../record/leased-incident';
import { readTimeline, writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { changesToUndo } from './isolation-record';

const input = z.object({ incident: z.extend(leasedIncidentSchema, { isolatedBy: z.string() }) });

/** Reads what the isolation saved and orders it backwards; refuses when something is missing. Asks AWS nothing. */
export const handler = step('plan-release', input, async ({ incident }, { clock, config }) => {
  const { incidentId, isolatedBy, mode } = incident;
  const timeline = await readTimeline(isolatedBy, config);
  if (timeline.some(({ key }) => key === 'released')) {
    const reason = `What incident ${isolatedBy} changed has been put back already.`;
    return { changes: [], conclusion: { outcome: 'RELEASED', code: 'already-released', reason } };
  }
  const changes = changesToUndo(timeline);
  const what = `put back ${changes.length} change(s) of incident ${isolatedBy}: ${changes.map(({ kind }) => kind).join(', ')}`;
  await writeEntry(incidentId, { key: 'plan', at: clock.now().toISOString(), what: `It will ${what}.` }, config);
  if (mode !== 'observe') return { changes };
  return {
    changes,
    conclusion: { outcome: 'OBSERVED', code: 'would-release', reason: `Observe mode: it would ${what}.` },
  };
});
