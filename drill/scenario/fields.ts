import { z } from 'zod';

/** Minutes from the start, or as a duration: a drill lasts 470 days at the most. */
export const minutes = z
  .number()
  .nonnegative()
  .max(470 * 24 * 60);
export const instanceIndex = z
  .number()
  .int()
  .nonnegative()
  .default(0)
  .describe('The index of the instance in the fleet, from 0.');
/** A short text. */
export const text = z.string().min(1).max(300);
