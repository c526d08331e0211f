import * as z from '../shared/schema';
import { codeSchema } from './codes';
import { outcomeSchema } from './outcomes';

/** Why an event or an instance is left alone: a stable code for software and a reason for people. */
export const refusalSchema = z.object({ code: codeSchema, reason: z.string() });
export type Refusal = z.output<typeof refusalSchema>;

/** An outcome with its stable code and a reason for people. */
export const conclusionSchema = z.object({
  // Spread: `z.extend` would add 1.4 kB to every function that keeps records.
  ...refusalSchema.shape,
  outcome: outcomeSchema,
});
export type Conclusion = z.output<typeof conclusionSchema>;
