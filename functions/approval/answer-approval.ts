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
  /** Who answers: `npm run approve` fills in the ARN that STS names. CloudTrail has who invoked the function. */
  answeredBy: plainNameSchema,
  subject: z.optional(subjectSchema),
});

/** The approve and deny entry: only IAM principals that may invoke this function get here. One answer counts, the first. */
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
  if (!found) throw new NoApprovalAskedError(`Incident ${incidentId} has not asked for an approval.`);
  return found;
}

/** Hands the answer to the waiting execution; when that has given up waiting, the answer came too late. */
async function deliver(taskToken: string, verdict: object): Promise<void> {
  try {
    await stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(verdict) }));
  } catch (error) {
    const isOver = error instanceof Error && /^(TaskTimedOut|TaskDoesNotExist|InvalidToken)/.test(error.name);
    if (!isOver) throw error;
    // The cause stays out: an SDK error may carry the request, and with it the token.
    throw new AnswerTooLateError('The playbook does not wait for an answer any more, which means no.');
  }
}

async function refusalOf({ incidentId, subject }: Approval, config: Config): Promise<Error> {
  const now = await readQuestion(incidentId, subject, config);
  if (now?.status === 'OPEN' || now?.status === 'EXPIRED')
    return new AnswerTooLateError(`The time to answer was over at ${now.answerBy}, which means no.`);
  return new AlreadyAnsweredError(`${now?.answeredBy ?? 'Somebody'} has answered ${now?.answer ?? 'it'} already.`);
}
