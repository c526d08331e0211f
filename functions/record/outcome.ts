import * as z from '../shared/schema';

/** The ends that are expected and good: an execution ends green with these, and red with any other. */
export const greenOutcomes = [
  'RESOLVED',
  'SKIPPED',
  'OBSERVED',
  'CONTAINED',
  'RELEASED',
  'BLOCKED',
  'PATCHED',
  'SCANNED',
] as const;

/** How an incident can end. */
export const outcomes = [
  ...greenOutcomes,
  'PARTIAL',
  'UNMANAGED',
  'SUSPECTED',
  'INEFFECTIVE',
  'WORSE',
  'ESCALATED',
  'GONE',
  'FAILED',
  'REJECTED',
] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.output<typeof outcomeSchema>;

/** An end with its stable code and the reason a person reads. */
export const conclusionSchema = z.object({ outcome: outcomeSchema, code: z.string(), reason: z.string() });
export type Conclusion = z.output<typeof conclusionSchema>;
