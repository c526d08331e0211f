import type { UnknownPlace } from '../place/for-each-place';
import { placeSchema } from '../place/place';
import * as z from '../shared/schema';
import { eitherUnknown, mostNamed, shortly, unknownReasons } from './unknown-places';

const scored = z.object({ scored: z.number(), blind: z.number(), told: z.union([z.number(), z.array(z.string())]) });

const totalsSchema = z.object({
  size: z.number(),
  batches: z.number(),
  failedBatches: z.number(),
  scored: z.number(),
  blind: z.number(),
  told: z.number(),
  /** Of the batches that failed, by account. */
  failedIn: z.optional(z.record(z.string(), z.number())),
});
/** What the parts of a fleet that have been scored add up to. */
export type Totals = z.output<typeof totalsSchema>;
type Counts = Omit<Totals, 'failedIn'>;

/** The results of a patrol's batches. */
export const patrolSchema = z.object({
  fleet: z.object({
    size: z.number(),
    /** The last instance of this part of the fleet, if there is another part. */
    after: z.optional(z.string()),
    /** Places whose instances could not be listed. */
    unknown: z.optional(z.array(z.extend(placeSchema, { why: z.string() }))),
    /** Of the parts before. */
    totals: z.optional(totalsSchema),
  }),
  scores: z.array(z.union([scored, z.object({ failed: z.literal(true), account: z.optional(z.string()) })])),
});
type Patrol = z.output<typeof patrolSchema>;

/** Adds the last part of a fleet to those before. Pure. */
export function totalsOf({ fleet, scores }: Patrol): Totals {
  const found = scores.flatMap((one) => ('failed' in one ? [] : [one]));
  const sum = (of: (one: z.output<typeof scored>) => number) => found.reduce((total, one) => total + of(one), 0);
  const part: Counts = {
    size: fleet.size,
    batches: scores.length,
    failedBatches: scores.length - found.length,
    scored: sum((one) => one.scored),
    blind: sum((one) => one.blind),
    told: sum(({ told }) => (typeof told === 'number' ? told : told.length)),
  };
  const failedIn: Record<string, number> = { ...fleet.totals?.failedIn };
  for (const one of scores)
    if ('failed' in one && one.account) failedIn[one.account] = (failedIn[one.account] ?? 0) + 1;
  const { totals } = fleet;
  const both = totals
    ? Object.fromEntries(Object.entries(part).map(([key, n]) => [key, n + totals[key as keyof Counts]]))
    : part;
  return { ...(both as Counts), ...(Object.keys(failedIn).length > 0 ? { failedIn } : {}) };
}

/** Unknown places that a summary names; each has a record of its own. */
const mostOfSummary = 20;

/** What a sweep of the alarms found. */
interface Swept {
  stuck: number;
  /** Alarms that there was no time for. */
  left?: number;
  told: readonly string[];
  /** Places whose alarms could not be listed. */
  unknown?: readonly UnknownPlace[];
  /** The stage's own account, of which no reason says that it is its own. */
  own?: string;
}

/**
 * Summarises a patrol. If a batch failed, or a place is unknown, the others' findings count, and the patrol ends red: what
 * nobody looked at is never quiet. Pure.
 */
export function sumUp(patrol: Patrol, sweep: Swept) {
  const { failedBatches, batches, failedIn = {}, ...totals } = totalsOf(patrol);
  const { left = 0 } = sweep;
  const unknown = eitherUnknown(sweep.unknown, patrol.fleet.unknown);
  const isComplete = failedBatches === 0 && left === 0 && unknown.length === 0;
  const verdict = isComplete ? 'COMPLETE' : 'INCOMPLETE';
  const reasons = [
    ...(failedBatches > 0 || isComplete ? [`${failedBatches} of ${batches} batches could not be scored.`] : []),
    ...Object.entries(failedIn)
      .filter(([account]) => account !== sweep.own)
      .slice(0, mostNamed)
      .map(([account, count]) => `In account ${account}: ${count}.`),
    ...(left > 0 ? [`${left} alarms without an open incident are left for the next patrol to report.`] : []),
    ...unknownReasons(unknown),
  ];
  return {
    verdict,
    outcome: `PATROL_${verdict}`,
    reason: reasons.join(' '),
    ...totals,
    told: totals.told + sweep.told.length,
    stuck: sweep.stuck,
    unknown: unknown.slice(0, mostOfSummary).map(shortly),
    unknownPlaces: unknown.length,
  };
}
