import { conclusionSchema } from '../record/conclusion';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';
import { callerSchema } from './caller';
import { type Subject, subjects } from './targets';

/** What approval is requested for; each is requested at most once per incident. */
export const subjectSchema = z.enum(subjects);
export type { Subject } from './targets';

/** The ID of a request: an answer names it, so that it cannot count for another one. */
export const questionIdSchema = z.matching(/^q-[0-9a-f]{12}$/, 'the ID of a request for approval');

/** How long an approval may be used, in seconds: as long as the slowest machine may run (isolate-instance). */
export const goodForSeconds = 10_800;

/** An answer is accepted until this many seconds before the execution gives up, so that it still reaches it. */
export const deliverySeconds = 30;

/** Nobody approved the change, so it is not made. */
export class NotApprovedError extends PlaybookError {}
/** The incident has no such request, or none at all. */
export class NoApprovalAskedError extends PlaybookError {}
/** The answer does not say which of several requests it is for. */
export class QuestionNotNamedError extends PlaybookError {}
/** Another request exists: it is neither replaced nor repeated by another execution. */
export class AnotherQuestionError extends PlaybookError {}
/** The request may still be answered, so it is not closed. */
export class QuestionStillOpenError extends PlaybookError {}
/** The request has already been answered: a second answer changes nothing. */
export class AlreadyAnsweredError extends PlaybookError {}
/** Who started the playbook may not approve it, unless the stage says so. */
export class RequesterMayNotApproveError extends PlaybookError {}
/** The deadline has passed, which means no. */
export class AnswerTooLateError extends PlaybookError {}

const answerSchema = z.object({ answer: z.enum(['yes', 'no']), at: z.string(), caller: callerSchema });
/** One person's answer. */
export type Answer = z.output<typeof answerSchema>;

/**
 * A request for approval in the encrypted table. A token lets its holder answer for anyone, so it is never logged, sent
 * or returned. Earlier releases had no `questionId`, `executionId`, `target` and `hash`: such a request can be answered,
 * but no change of this release accepts it.
 */
export const approvalSchema = z.object({
  incidentId: z.string(),
  subject: subjectSchema,
  questionId: z.optional(questionIdSchema),
  playbook: z.string(),
  executionId: z.optional(z.string()),
  mode: z.enum(['observe', 'act']),
  /** What exactly is requested, matching the subject. */
  target: z.optional(z.looseObject({})),
  /** The text for people, generated from the target. */
  what: z.string(),
  /** SHA-256 of plan and text. */
  hash: z.optional(z.string()),
  /** Removed once the request is answered or has expired. */
  token: z.optional(z.string()),
  /** Tokens of later attempts of the same step; the first one is never replaced. */
  laterTokens: z.optional(z.array(z.string())),
  askedAt: z.string(),
  answerBy: z.string(),
  /** OPEN → DELIVERING (answer saved) → ANSWERED (the execution has it), or OPEN → EXPIRED. */
  status: z.enum(['OPEN', 'DELIVERING', 'ANSWERED', 'EXPIRED']),
  /** How many people have to say yes; requests of earlier releases need one. */
  needed: z.optional(z.number()),
  /** Who started the playbook manually, as they said themselves. */
  requestedBy: z.optional(z.string()),
  /** Everyone's answers so far, with the caller that IAM verified; earlier releases kept only a name. */
  answers: z.optional(z.array(answerSchema)),
  /** The answer that counts, once it is complete. */
  answer: z.optional(z.enum(['yes', 'no'])),
  /** The ARN of who gave it; of several people, all. */
  answeredBy: z.optional(z.string()),
  answeredAt: z.optional(z.string()),
  /** Set for a request of an earlier release, which stands among the incident's other items; not stored. */
  isFormer: z.optional(z.literal(true)),
});
export type Approval = z.output<typeof approvalSchema>;

/** The result for the waiting state. Without an approval it ends the run. */
export const verdictSchema = z.object({
  verdict: z.enum(['APPROVED', 'DENIED', 'NO_ANSWER', 'OBSERVED']),
  subject: subjectSchema,
  answeredBy: z.optional(z.string()),
  at: z.string(),
  conclusion: z.optional(conclusionSchema),
});
export type Verdict = z.output<typeof verdictSchema>;

/** The consequence of an answer. In observe mode even a yes changes nothing. */
export function verdictOf(
  { subject, what, mode }: Pick<Approval, 'subject' | 'what' | 'mode'>,
  answer: 'yes' | 'no',
  answeredBy: string,
  at: string,
): Verdict {
  const base = { subject, answeredBy, at };
  if (answer === 'no') {
    const reason = `Denied by ${answeredBy}, so nothing was changed. The request was: ${what}`;
    return { ...base, verdict: 'DENIED', conclusion: { outcome: 'SKIPPED', code: 'denied', reason } };
  }
  if (mode === 'observe') {
    const reason = `Observe mode: approved by ${answeredBy}; automation would now do this: ${what}`;
    return { ...base, verdict: 'OBSERVED', conclusion: { outcome: 'OBSERVED', code: `would-${subject}`, reason } };
  }
  return { ...base, verdict: 'APPROVED' };
}

/** Nobody answered in time: that means no, and escalates because nobody looked. */
export function noAnswer(subject: Subject, what: string, at: string): Verdict {
  const reason = `Nobody answered in time, which means no, so nothing was changed. The request was: ${what}`;
  return { verdict: 'NO_ANSWER', subject, at, conclusion: { outcome: 'ESCALATED', code: 'no-answer', reason } };
}
