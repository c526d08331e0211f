import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { noteEnd } from '../incident/ends';
import { writeEntry } from '../record/store';
import { stepFunctions } from '../shared/clients/step-functions';
import type { Config } from '../shared/config';
import { plainNameSchema } from '../shared/identifiers';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import {
  AlreadyAnsweredError,
  AnswerTooLateError,
  type Approval,
  NoApprovalAskedError,
  QuestionNotNamedError,
  questionIdSchema,
  subjectSchema,
  verdictOf,
} from './approval';
import { keepAnswer, noteDelivered, readQuestion, readQuestions } from './store';

const input = z.object({
  incidentId: z.matching(/^inc-[0-9a-f]{20}$/, 'an incident ID'),
  /** The request, by its ID or by its subject, of which an incident has only one. */
  questionId: z.optional(questionIdSchema),
  subject: z.optional(subjectSchema),
  answer: z.enum(['yes', 'no']),
  /** Who answers: `npm run approve` fills in the caller's ARN from STS. CloudTrail shows who invoked the function. */
  answeredBy: plainNameSchema,
});
type Given = z.output<typeof input>;

/** Accepts an approval or a denial: only IAM principals that may invoke this function get here. The first answer counts. */
export const handler = step('answer-approval', input, async (given, { clock, config }) => {
  const { incidentId, answer, answeredBy } = given;
  const at = clock.now().toISOString();
  const question = nameOne(await readQuestions(incidentId, config), given);
  const { subject, questionId } = question;
  const isKept = await keepAnswer(question, { answer, answeredBy, answeredAt: at }, config);
  const tokens = await tokensOf(question, config);
  if (!isKept || tokens.length === 0) throw await refusalOf(question, config);
  const verdict = verdictOf(question, answer, answeredBy, at);
  if (verdict.conclusion && question.executionId)
    await noteEnd({ incidentId, executionId: question.executionId }, verdict.conclusion, clock.now(), config);
  await deliver(tokens, verdict);
  await noteDelivered(question, config);
  const entry = { key: `approval-answered#${subject}`, at, what: `${answeredBy} answered ${answer} (${subject}).` };
  await writeEntry(incidentId, entry, config);
  return { incidentId, questionId, subject, answer, answeredBy, at };
});

/**
 * The answered request. An answer without the request's ID or subject counts only in an incident with a single request:
 * it never applies to a later one.
 */
function nameOne(questions: readonly Approval[], { incidentId, questionId, subject }: Given): Approval {
  if (questions.length === 0) throw new NoApprovalAskedError(`Incident ${incidentId} has not requested approval.`);
  const isMeant = (one: Approval) =>
    (questionId === undefined || one.questionId === questionId) && (subject === undefined || one.subject === subject);
  const [meant, ...more] = questions.filter(isMeant);
  if (!meant) throw new NoApprovalAskedError(`Incident ${incidentId} has no such request for approval.`);
  if (more.length === 0) return meant;
  throw new QuestionNotNamedError('The incident has several requests for approval: pass the ID of the one to answer.');
}

/** Read after the answer was kept, from when on no token joins: the newest first, which is the one that is waited for. */
async function tokensOf({ incidentId, subject }: Approval, config: Config): Promise<string[]> {
  const { token, laterTokens = [] } = (await readQuestion(incidentId, subject, config)) ?? {};
  return [...(token ? [token] : []), ...laterTokens].reverse();
}

/** Passes the answer to the waiting execution; if that no longer waits, the answer is too late. */
async function deliver(tokens: readonly string[], verdict: object): Promise<void> {
  const taken = await Promise.all(tokens.map((token) => isTaken(token, verdict)));
  if (taken.includes(true)) return;
  // No cause: an SDK error may contain the request, and with it the token.
  throw new AnswerTooLateError('The playbook is no longer waiting for an answer, which means no.');
}

async function isTaken(taskToken: string, verdict: object): Promise<boolean> {
  try {
    await stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(verdict) }));
    return true;
  } catch (error) {
    // Nothing waits for the token of an earlier attempt of the step.
    if (error instanceof Error && /^(TaskTimedOut|TaskDoesNotExist|InvalidToken)/.test(error.name)) return false;
    throw error;
  }
}

async function refusalOf({ incidentId, subject }: Approval, config: Config): Promise<Error> {
  const now = await readQuestion(incidentId, subject, config);
  if (now?.status === 'OPEN' || now?.status === 'EXPIRED')
    return new AnswerTooLateError(`The deadline was ${now.answerBy}; no answer by then means no.`);
  return new AlreadyAnsweredError(
    `${now?.answeredBy ?? 'Someone'} has already answered${now?.answer ? ` ${now.answer}` : ''}.`,
  );
}
