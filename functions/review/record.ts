import { outcomeSchema } from '../record/outcome';
import * as z from '../shared/schema';

/** A closed incident, as the table or a file of records has it; what a review does not need is left out. */
export const reviewRecordSchema = z.object({
  incidentId: z.string(),
  playbook: z.string(),
  drill: z.boolean(),
  outcome: outcomeSchema,
  code: z.string(),
  reason: z.string(),
  openedAt: z.string(),
  closedAt: z.string(),
  instanceId: z.optional(z.string()),
  alarmName: z.optional(z.string()),
  alarm: z.optional(z.object({ changedAt: z.string() })),
  extra: z.optional(z.object({ actedAt: z.optional(z.string()) })),
});

export type ReviewRecord = z.output<typeof reviewRecordSchema>;

/**
 * Ends by which the trouble turned out to be none, or to have gone by itself. An alarm without data is not one of them:
 * an instance that died sends none.
 */
const needlessCodes = new Set(['alarm-recovered', 'alarm-superseded', 'score-veto']);

const troubled = new Set(['RESOLVED', 'INEFFECTIVE', 'WORSE', 'ESCALATED', 'FAILED', 'CONTAINED', 'PARTIAL']);

/** Whether a stage in observe mode would have acted on an alarm. */
const wouldHaveActed = ({ outcome, alarmName }: ReviewRecord): boolean =>
  outcome === 'OBSERVED' && alarmName !== undefined;

/**
 * Whether something was really wrong: it was acted on or would have been, or a person was called. Patrols' suspicions
 * are neither.
 */
export const wasTrouble = (record: ReviewRecord): boolean =>
  (troubled.has(record.outcome) || wouldHaveActed(record)) && record.code !== 'storm';

/** Whether nobody would have missed the alarm. */
export const wasNeedless = ({ code }: ReviewRecord): boolean => needlessCodes.has(code);

/** Whether automation changed something for it. */
export const wasActedOn = ({ extra }: ReviewRecord): boolean => extra?.actedAt !== undefined;
