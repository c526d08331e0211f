import { step } from '../incident/ending-step';
import { leasedIncidentSchema } from '../record/leased-incident';
import { readTimeline, writeEntry } from '../record/store';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { changesToUndo } from './isolation-record';
import { releaseApproval } from './may-release';

const input = z.object({ incident: z.extend(leasedIncidentSchema, { isolatedBy: z.string() }) });

/** Reads what the isolation saved and orders it in reverse; refuses if something is missing. Makes no change in AWS. */
export const handler = step('plan-release', input, async ({ incident }, { clock, config }) => {
  const { incidentId, isolatedBy, mode } = incident;
  const timeline = await readTimeline(isolatedBy, config);
  if (timeline.some(({ key }) => key === 'released')) {
    const reason = `The changes of incident ${isolatedBy} have already been reverted.`;
    return { changes: [], conclusion: { outcome: 'RELEASED', code: 'already-released', reason } };
  }
  const changes = changesToUndo(timeline);
  const what = `revert ${plural(changes.length, 'change')} of incident ${isolatedBy}: ${changes.map(({ kind }) => kind).join(', ')}`;
  const approval = releaseApproval();
  const entry = { key: 'plan', at: clock.now().toISOString(), what: `Planned: ${what}.`, before: { approval } };
  await writeEntry(incidentId, entry, config);
  if (mode !== 'observe') return { changes, approval };
  return {
    changes,
    conclusion: { outcome: 'OBSERVED', code: 'would-release', reason: `Observe mode: automation would ${what}.` },
  };
});
