import { conclusionSchema } from '../record/conclusion';
import { PlaybookError } from '../shared/errors';
import * as z from '../shared/schema';

/** What a person is asked to allow; each is asked at most once an incident. */
export const subjectSchema = z.enum(['isolate', 'revoke-sessions', 'block', 'install']);
export type Subject = z.output<typeof subjectSchema>;

/** The change was not approved by a person, so it is not made. */
export class NotApprovedError extends PlaybookError {}
/** The incident has no question that is open, or none at all. */
export class NoApprovalAskedError extends PlaybookError {}
/** The question was answered already: a second answer changes nothing. */
export class AlreadyAnsweredError extends PlaybookError {}
/** The time to answer is over, which means no. */
export class AnswerTooLateError extends PlaybookError {}

/**
 * A question to a person, as it stands in the encrypted table. `token` lets its holder answer for anybody,
 * so it is never logged, mailed or returned.
 */
export const approvalSchema = z.object({
  incidentId: z.string(),
  subject: subjectSchema,
  playbook: z.string(),
  mode: z.enum(['observe', 'act']),
  what: z.string(),
  /** Gone once the question is answered or has expired. */
  token: z.optional(z.string()),
  askedAt: z.string(),
  answerBy: z.string(),
  /** OPEN → DELIVERING (answer kept) → ANSWERED (the execution has it), or OPEN → EXPIRED. */
  status: z.enum(['OPEN', 'DELIVERING', 'ANSWERED', 'EXPIRED']),
  answer: z.optional(z.enum(['yes', 'no'])),
  answeredBy: z.optional(z.string()),
  answeredAt: z.optional(z.string()),
});
export type Approval = z.output<typeof approvalSchema>;

/** What the waiting state is given: how the question ended. Without an approval it concludes the run. */
export const verdictSchema = z.object({
  verdict: z.enum(['APPROVED', 'DENIED', 'NO_ANSWER', 'OBSERVED']),
  subject: subjectSchema,
  answeredBy: z.optional(z.string()),
  at: z.string(),
  conclusion: z.optional(conclusionSchema),
});
export type Verdict = z.output<typeof verdictSchema>;

/** What an answer means for the run. In observe mode even a yes changes nothing. */
export function verdictOf(
  { subject, what, mode }: Pick<Approval, 'subject' | 'what' | 'mode'>,
  answer: 'yes' | 'no',
  answeredBy: string,
  at: string,
): Verdict {
  const base = { subject, answeredBy, at };
  if (answer === 'no') {
    const reason = `Denied by ${answeredBy}, so nothing was changed: ${what}`;
    return { ...base, verdict: 'DENIED', conclusion: { outcome: 'SKIPPED', code: 'denied', reason } };
  }
  if (mode === 'observe') {
    const reason = `Observe mode: approved by ${answeredBy}, it would now do this: ${what}`;
    return { ...base, verdict: 'OBSERVED', conclusion: { outcome: 'OBSERVED', code: `would-${subject}`, reason } };
  }
  return { ...base, verdict: 'APPROVED' };
}

/** Nobody answered in time: that means no, and a person should know that nobody looked. */
export function noAnswer(subject: Subject, what: string, at: string): Verdict {
  const reason = `Nobody answered in time, which means no; nothing was changed: ${what}`;
  return { verdict: 'NO_ANSWER', subject, at, conclusion: { outcome: 'ESCALATED', code: 'no-answer', reason } };
}
