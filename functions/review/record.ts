import { type Place, placeSchema } from '../place/place';
import { codeSchema, factsOf } from '../record/codes';
import { outcomeSchema, outcomeTable } from '../record/outcomes';
import * as z from '../shared/schema';
import { changesBeforeSchema } from './change-before';

/** A closed incident from the table or a records file, with the fields that a review needs. */
export const reviewRecordSchema = z.object({
  incidentId: z.string(),
  /** The ARN of its execution, which is in the stage's own account. */
  executionId: z.optional(z.string()),
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

/** What is in the place of another account than the stage's own, or in the stage's own. */
export interface Placed {
  place?: Place | undefined;
}

/** What is of one account: the same instance ID, or name of an alarm, is another one elsewhere. Pure. */
export const inAccount = ({ place }: Placed, name: string): string =>
  place ? `${name} (account ${place.account})` : name;

/** An alarm: its name is its own only in its place. */
export interface PlacedAlarm extends Placed {
  alarmName: string;
}

/** An alarm as people read it, and as the key that tells it from its namesakes elsewhere. Pure. */
export const alarmIn = (alarm: PlacedAlarm): string => inAccount(alarm, alarm.alarmName);

/** The alarm of an incident; undefined for one without. Pure. */
export const alarmOf = ({ alarmName, place }: ReviewRecord): PlacedAlarm | undefined =>
  alarmName === undefined ? undefined : { alarmName, ...(place ? { place } : {}) };

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
