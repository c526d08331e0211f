import * as z from '../shared/schema';

/** What Step Functions puts at a Catch's ResultPath. */
export const failureSchema = z.object({ Error: z.string(), Cause: z._default(z.optional(z.string()), '') });
export type Failure = z.output<typeof failureSchema>;
