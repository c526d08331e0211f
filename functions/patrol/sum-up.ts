import * as z from '../shared/schema';

const scored = z.object({ scored: z.number(), blind: z.number(), told: z.union([z.number(), z.array(z.string())]) });

/** The results of a patrol's batches. */
export const patrolSchema = z.object({
  fleet: z.object({ size: z.number() }),
  scores: z.array(z.union([scored, z.object({ failed: z.literal(true) })])),
});
type Patrol = z.output<typeof patrolSchema>;

/** Summarises a patrol. If a batch failed, the others' findings count, and the patrol ends red. Pure. */
export function sumUp({ fleet, scores }: Patrol, sweep: { stuck: number; left?: number; told: readonly string[] }) {
  const found = scores.flatMap((one) => ('failed' in one ? [] : [one]));
  const sum = (of: (one: z.output<typeof scored>) => number) => found.reduce((total, one) => total + of(one), 0);
  const failedBatches = scores.length - found.length;
  const { left = 0 } = sweep;
  const verdict = failedBatches > 0 || left > 0 ? 'INCOMPLETE' : 'COMPLETE';
  const reasons = [
    ...(failedBatches > 0 || left === 0 ? [`${failedBatches} of ${scores.length} batches could not be scored.`] : []),
    ...(left > 0 ? [`${left} alarms without an open incident are left for the next patrol to report.`] : []),
  ];
  return {
    verdict,
    outcome: `PATROL_${verdict}`,
    reason: reasons.join(' '),
    size: fleet.size,
    scored: sum((one) => one.scored),
    blind: sum((one) => one.blind),
    told: sum(({ told }) => (typeof told === 'number' ? told : told.length)) + sweep.told.length,
    stuck: sweep.stuck,
  };
}
