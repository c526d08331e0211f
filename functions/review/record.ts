import { codeSchema, factsOf } from '../record/codes';
import { outcomeSchema, outcomeTable } from '../record/outcomes';
import * as z from '../shared/schema';

/** A closed incident, as the table or a file of records has it; what a review does not need is left out. */
export const reviewRecordSchema = z.object({
  incidentId: z.string(),
  playbook: z.string(),
  drill: z.boolean(),
  outcome: outcomeSchema,
  code: codeSchema,
  reason: z.string(),
  openedAt: z.string(),
  closedAt: z.string(),
  instanceId: z.optional(z.string()),
  alarmName: z.optional(z.string()),
  alarm: z.optional(z.object({ changedAt: z.string() })),
  extra: z.optional(z.object({ actedAt: z.optional(z.string()) })),
});

export type ReviewRecord = z.output<typeof reviewRecordSchema>;

/** Whether a stage in observe mode would have acted on an alarm. */
const wouldHaveActed = ({ outcome, alarmName }: ReviewRecord): boolean =>
  outcome === 'OBSERVED' && alarmName !== undefined;

/**
 * Whether something was really wrong: it was acted on or would have been, or a person was called. Patrols' suspicions
 * are neither.
 */
export const wasTrouble = (record: ReviewRecord): boolean =>
  (outcomeTable[record.outcome].isTrouble || wouldHaveActed(record)) && record.code !== 'storm';

/** Whether nobody would have missed the alarm. */
export const wasNeedless = ({ code }: ReviewRecord): boolean => factsOf(code).isNeedless === true;

/** Whether automation changed something for it. */
export const wasActedOn = ({ extra }: ReviewRecord): boolean => extra?.actedAt !== undefined;
