import { placeSchema } from '../place/place';
import { codeSchema, factsOf } from '../record/codes';
import { outcomeSchema, outcomeTable } from '../record/outcomes';
import * as z from '../shared/schema';
import { changesBeforeSchema } from './change-before';

/** A closed incident from the table or a records file, with the fields that a review needs. */
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
  /** Where it was, if that is another account than the stage's own. */
  place: z.optional(placeSchema),
  alarm: z.optional(z.object({ changedAt: z.string() })),
  extra: z.optional(z.object({ actedAt: z.optional(z.string()), changes: z.optional(changesBeforeSchema) })),
});

export type ReviewRecord = z.output<typeof reviewRecordSchema>;

/** What is of one account: the same instance ID, or name of an alarm, is another one elsewhere. Pure. */
export const inAccount = ({ place }: ReviewRecord, name: string): string =>
  place ? `${name} (account ${place.account})` : name;

/** Whether automation would have acted on an alarm in observe mode. */
const wouldHaveActed = ({ outcome, alarmName }: ReviewRecord): boolean =>
  outcome === 'OBSERVED' && alarmName !== undefined;

/**
 * Whether there was real trouble: automation acted, would have acted, or escalated. Suspicions from patrols do not
 * count.
 */
export const wasTrouble = (record: ReviewRecord): boolean =>
  (outcomeTable[record.outcome].isTrouble || wouldHaveActed(record)) &&
  record.code !== 'storm' &&
  record.code !== 'many-alike';

/** Whether the alarm was not needed. */
export const wasNeedless = ({ code }: ReviewRecord): boolean => factsOf(code).isNeedless === true;

/** Whether automation changed something. */
export const wasActedOn = ({ extra }: ReviewRecord): boolean => extra?.actedAt !== undefined;
