import { step } from '../incident/ending-step';
import { wordsOfFailure } from '../record/conclude';
import { failureSchema } from '../record/failure';
import { readTimeline, writeEntry } from '../record/store';
import * as z from '../shared/schema';
import { describeEnvironment } from './describe';
import { changesToUndo } from './isolation-record';
import { differences } from './release-verdict';
import { releasingIncidentSchema } from './releasing';
import { changeKey } from './saved';

const restored = z.looseObject({
  change: z.object({ kind: z.string(), id: z.string() }),
  failure: z.optional(failureSchema),
});

const input = z.object({
  incident: z.extend(releasingIncidentSchema, {
    restores: z.array(restored),
    returning: z.optional(z.object({ verdict: z.string() })),
  }),
});

/** RELEASED only if everything matches what was saved and nothing failed; otherwise PARTIAL, listing what is not restored. */
export const handler = step('judge-release', input, async ({ incident }, { clock, config }) => {
  const { isolatedBy, restores, returning } = incident;
  const after = await describeEnvironment(incident.instanceId, config);
  const timeline = await readTimeline(isolatedBy, config);
  const changes = changesToUndo(timeline);
  const saved = changes.flatMap(({ kind, id }) => {
    const entry = timeline.find(({ key }) => key === changeKey(kind, id));
    return entry ? [{ kind, id, before: entry.before ?? {} }] : [];
  });
  const failed = restores.flatMap(({ change, failure }) =>
    failure ? [`${change.kind} ${change.id}`.trim().concat(` (${wordsOfFailure(failure)})`)] : [],
  );
  const served =
    changes.some(({ kind }) => kind === 'service') && returning?.verdict !== 'DONE' ? ['not back in service'] : [];
  const missing = [...new Set([...differences(saved, after, isolatedBy), ...failed, ...served])];
  if (missing.length > 0) {
    const reason = `Not everything is restored. Missing: ${missing.join('; ')}.`.slice(0, 2000);
    return { missing, conclusion: { outcome: 'PARTIAL', code: 'not-released', reason } };
  }
  const at = clock.now().toISOString();
  const what = `Incident ${incident.incidentId} restored everything.`;
  await writeEntry(isolatedBy, { key: 'released', at, what }, config);
  const reason = `All changes of incident ${isolatedBy} (${changes.length}) are reverted and verified.`;
  return { missing, conclusion: { outcome: 'RELEASED', code: 'released', reason } };
});
