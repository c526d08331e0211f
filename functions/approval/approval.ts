import { conclusionSchema } from '../record/conclusion';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';

/** What approval is requested for; each is requested at most once per incident. */
export const subjectSchema = z.enum(['isolate', 'revoke-sessions', 'block', 'install']);
export type Subject = z.output<typeof subjectSchema>;

/** Nobody approved the change, so it is not made. */
export class NotApprovedError extends PlaybookError {}
/** The incident has no open request for approval. */
export class NoApprovalAskedError extends PlaybookError {}
/** The request has already been answered: a second answer changes nothing. */
export class AlreadyAnsweredError extends PlaybookError {}
/** The deadline has passed, which means no. */
export class AnswerTooLateError extends PlaybookError {}

/**
 * A request for approval in the encrypted table. `token` lets its holder answer for anyone,
 * so it is never logged, sent or returned.
 */
export const approvalSchema = z.object({
  incidentId: z.string(),
  subject: subjectSchema,
  playbook: z.string(),
  mode: z.enum(['observe', 'act']),
  what: z.string(),
  /** Removed once the request is answered or has expired. */
  token: z.optional(z.string()),
  askedAt: z.string(),
  answerBy: z.string(),
  /** OPEN → DELIVERING (answer saved) → ANSWERED (the execution has it), or OPEN → EXPIRED. */
  status: z.enum(['OPEN', 'DELIVERING', 'ANSWERED', 'EXPIRED']),
  answer: z.optional(z.enum(['yes', 'no'])),
  answeredBy: z.optional(z.string()),
  answeredAt: z.optional(z.string()),
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
