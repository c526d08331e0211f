import * as z from '../shared/schema';

/** The error that Step Functions writes to a Catch's ResultPath. */
export const failureSchema = z.object({ Error: z.string(), Cause: z._default(z.optional(z.string()), '') });
export type Failure = z.output<typeof failureSchema>;
