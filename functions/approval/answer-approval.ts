import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
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
  subjectSchema,
  verdictOf,
} from './approval';
import { keepAnswer, noteDelivered, readQuestion, readQuestions } from './store';

const input = z.object({
  incidentId: z.matching(/^inc-[0-9a-f]{20}$/),
  answer: z.enum(['yes', 'no']),
  /** Who answers: `npm run approve` fills in the caller's ARN from STS. CloudTrail shows who invoked the function. */
  answeredBy: plainNameSchema,
  subject: z.optional(subjectSchema),
});

/** Accepts an approval or a denial: only IAM principals that may invoke this function get here. The first answer counts. */
export const handler = step('answer-approval', input, async (given, { clock, config }) => {
  const { incidentId, answer, answeredBy } = given;
  const at = clock.now().toISOString();
  const question = await findQuestion(given, config);
  const { subject } = question;
  const isKept = await keepAnswer(question, { answer, answeredBy, answeredAt: at }, config);
  if (!isKept || question.token === undefined) throw await refusalOf(question, config);
  await deliver(question.token, verdictOf(question, answer, answeredBy, at));
  await noteDelivered(question, config);
  const entry = { key: `approval-answered#${subject}`, at, what: `${answeredBy} answered ${answer} (${subject}).` };
  await writeEntry(incidentId, entry, config);
  return { incidentId, subject, answer, answeredBy, at };
});

async function findQuestion({ incidentId, subject }: z.output<typeof input>, config: Config): Promise<Approval> {
  const questions = await readQuestions(incidentId, config);
  const found = subject ? questions.find((one) => one.subject === subject) : questions[0];
  if (!found) throw new NoApprovalAskedError(`Incident ${incidentId} has not requested approval.`);
  return found;
}

/** Passes the answer to the waiting execution; if that no longer waits, the answer is too late. */
async function deliver(taskToken: string, verdict: object): Promise<void> {
  try {
    await stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(verdict) }));
  } catch (error) {
    const isOver = error instanceof Error && /^(TaskTimedOut|TaskDoesNotExist|InvalidToken)/.test(error.name);
    if (!isOver) throw error;
    // No cause: an SDK error may contain the request, and with it the token.
    throw new AnswerTooLateError('The playbook is no longer waiting for an answer, which means no.');
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
