import * as z from '../shared/schema';

/** How an incident can end. Only those up to SCANNED end the execution green; PARTIAL never does. */
export const outcomes = [
  'RESOLVED',
  'SKIPPED',
  'OBSERVED',
  'CONTAINED',
  'RELEASED',
  'BLOCKED',
  'PATCHED',
  'SCANNED',
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
