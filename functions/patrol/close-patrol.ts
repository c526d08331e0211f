import { emit } from '../record/metrics/emit';
import * as z from '../shared/schema';
import { step } from '../shared/step';

const scored = z.object({ scored: z.number(), blind: z.number(), told: z.array(z.string()) });
const input = z.object({
  fleet: z.object({ size: z.number() }),
  scores: z.array(z.union([scored, z.object({ failed: z.literal(true) })])),
  sweep: z.optional(z.object({ stuck: z.number(), told: z.array(z.string()) })),
});

/** Summarises a patrol. If a batch failed, the others' findings count, and the patrol ends red. */
export const handler = step('close-patrol', input, async ({ fleet, scores, sweep }, { config }) => {
  const found = scores.flatMap((one) => ('failed' in one ? [] : [one]));
  const sum = (of: (one: z.output<typeof scored>) => number) => found.reduce((total, one) => total + of(one), 0);
  const failedBatches = scores.length - found.length;
  emit([{ name: 'PatrolledInstances', value: sum((one) => one.scored) }], config.STAGE);
  const verdict = failedBatches > 0 || !sweep ? 'INCOMPLETE' : 'COMPLETE';
  return {
    verdict,
    outcome: `PATROL_${verdict}`,
    reason: `${failedBatches} of ${scores.length} batches could not be scored${sweep ? '' : ', and alarms were not checked'}.`,
    size: fleet.size,
    scored: sum((one) => one.scored),
    blind: sum((one) => one.blind),
    told: sum(({ told }) => told.length) + (sweep?.told.length ?? 0),
    stuck: sweep?.stuck ?? 0,
  };
});
