import { accountSchema, plainNameSchema, regionSchema } from './identifiers';
import * as z from './schema';

const words = ['manual', 'by-hand'] as const;

/** The value that marks a manual start; recorded inputs may still have its former name, `by-hand`. */
export const manualStart = z.pipe(
  z.enum(words),
  z.transform(() => 'manual' as const),
);

/** What a machine passes to the step that reads what started it. */
export const startedSchema = z.object({ event: z.unknown(), executionId: z.string(), playbook: z.string() });

/** Where the instance is, if it is not in the stage's own account and region. */
export const askedPlaceSchema = z.optional(
  z.object({ account: z.optional(accountSchema), region: z.optional(regionSchema) }),
);

/** What a person who starts a playbook says, whichever it is. */
export const requestSchema = z.object({
  start: manualStart,
  reason: plainNameSchema,
  requestedBy: plainNameSchema,
  drill: z._default(z.optional(z.boolean()), false),
});

/** Whether a person started the playbook, according to its input. */
export function isManualStart(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'start' in event && manualStart.safeParse(event.start).success;
}
