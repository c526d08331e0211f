import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { noteEnd } from '../incident/ends';
import { recordKey, writeEntry } from '../record/store';
import { stepFunctions } from '../shared/clients/step-functions';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import type { StepTools } from '../shared/step';
import type { Given } from './answer-request';
import {
  AlreadyAnsweredError,
  type Answer,
  AnswerTooLateError,
  type Approval,
  NoApprovalAskedError,
  QuestionNotNamedError,
  verdictOf,
} from './approval';
import type { Caller } from './caller';
import { keepAnswer, keepYes, noteDead, noteDelivered, readAgain, readQuestions } from './store';
import { isRepeated, missing, withAnswer } from './tally';

const environment = z.object({ REQUESTER_MAY_APPROVE: z._default(z.optional(z.enum(['no', 'yes'])), 'no') });

/** What was answered, by whom, and how many more people have to say yes. */
export interface Accepted {
  incidentId: string;
  questionId: string | undefined;
  subject: string;
  answer: 'yes' | 'no';
  answeredBy: string;
  at: string;
  missing: number;
}

/**
 * Accepts an answer, however it came: to the request that it names, before its deadline, once. The first no counts, or as
 * many yeses as the request needs, each of another person.
 * @throws NoApprovalAskedError, QuestionNotNamedError, AlreadyAnsweredError, AnswerTooLateError, RequesterMayNotApproveError
 */
export async function acceptAnswer(
  given: Given,
  caller: Caller,
  { clock, config }: Pick<StepTools, 'clock' | 'config'>,
): Promise<Accepted> {
  const at = clock.now().toISOString();
  const { incidentId } = given;
  const question = await keep(given, { answer: given.answer, at, caller }, config);
  const { subject, questionId, answer } = question;
  const said = { incidentId, questionId, subject, answer: given.answer, answeredBy: caller.arn, at };
  if (answer === undefined) return tellMissing(question, said, config);
  await conclude(question, at, { clock, config });
  const what = `${question.answeredBy} answered ${answer} (${subject}).`;
  await writeEntry(incidentId, { key: `approval-answered#${subject}`, at, what }, config);
  return { ...said, missing: 0 };
}

/** More answers than people reach at once: each attempt reads what the others have kept. */
const attempts = 5;

/** Keeps an answer to the request that it names. @returns the request with it */
async function keep(given: Given, said: Answer, config: Config): Promise<Approval> {
  const { REQUESTER_MAY_APPROVE } = parseWith(environment, process.env, 'environment');
  for (let attempt = 1; ; attempt++) {
    const question = nameOne(await readQuestions(given.incidentId, config), given);
    await assertWaiting(question, config);
    if (isRepeated(question, given.answer, said.caller)) return question;
    if (question.status !== 'OPEN') throw refusalOf(question);
    const next = withAnswer(question, said, REQUESTER_MAY_APPROVE === 'yes');
    const { answers, complete } = next;
    const isKept = complete
      ? await keepAnswer(question, { ...complete, answeredAt: said.at, answers }, config)
      : await keepYes(question, answers, config);
    if (isKept) return { ...question, answers: [...answers], ...complete };
    const now = await readAgain(question, config);
    const isJoined = now?.status === 'OPEN' && now.answers?.length !== question.answers?.length;
    if (!isJoined || attempt === attempts) throw refusalOf(now);
  }
}

/**
 * A request outlives an execution that somebody stopped: its incident is closed then, and nobody waits for an answer.
 * @throws AnswerTooLateError after closing the request
 */
async function assertWaiting(question: Approval, config: Config): Promise<void> {
  if (question.status !== 'OPEN') return;
  const record = await readItem(recordKey(question.incidentId), config);
  if (!record || record.status === 'OPEN') return;
  await noteDead(question, config);
  throw new AnswerTooLateError('The incident has ended, and its playbook is no longer waiting for an answer.');
}

async function tellMissing<S extends { incidentId: string; at: string }>(question: Approval, said: S, config: Config) {
  const { subject, answers = [] } = question;
  const left = missing(question);
  const what = `${answers.at(-1)?.caller.arn} answered yes (${subject}); ${plural(left, 'more yes', 'more yeses')} needed.`;
  await writeEntry(said.incidentId, { key: `approval-yes#${subject}#${answers.length}`, at: said.at, what }, config);
  return { ...said, missing: left };
}

/** Passes the complete answer to the waiting execution. */
async function conclude(question: Approval, at: string, { clock, config }: Pick<StepTools, 'clock' | 'config'>) {
  const { incidentId, executionId, answer, answeredBy = 'someone' } = question;
  const tokens = await tokensOf(question, config);
  if (tokens.length === 0) throw refusalOf(await readAgain(question, config));
  const verdict = verdictOf(question, answer!, answeredBy, at);
  if (verdict.conclusion && executionId)
    await noteEnd({ incidentId, executionId }, verdict.conclusion, clock.now(), config);
  if (await deliver(tokens, verdict)) return noteDelivered(question, config);
  // Just kept, and taken by nobody; a repeated answer may have been delivered before.
  if (question.status === 'OPEN') await noteDead(question, config);
  // No cause: an SDK error may contain the request, and with it the token.
  throw new AnswerTooLateError('The playbook is no longer waiting for an answer, which means no.');
}

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
async function tokensOf(question: Approval, config: Config): Promise<string[]> {
  const { token, laterTokens = [] } = (await readAgain(question, config)) ?? {};
  return [...(token ? [token] : []), ...laterTokens].reverse();
}

/** Passes the answer to the waiting execution. @returns whether one took it */
async function deliver(tokens: readonly string[], verdict: object): Promise<boolean> {
  return (await Promise.all(tokens.map((token) => isTaken(token, verdict)))).includes(true);
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

function refusalOf(now: Approval | undefined): Error {
  if (now?.status === 'OPEN' || now?.status === 'EXPIRED')
    return new AnswerTooLateError(`The deadline was ${now.answerBy}; no answer by then means no.`);
  return new AlreadyAnsweredError(
    `${now?.answeredBy ?? 'Someone'} has already answered${now?.answer ? ` ${now.answer}` : ''}.`,
  );
}
