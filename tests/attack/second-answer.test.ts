import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { buildQuestion } from '../../functions/approval/request';
import { setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';
import { answerEvent, heardFrom } from '../fixtures/url';

const incidentId = `inc-${'f'.repeat(20)}`;
let stop: () => Promise<void>;
let put: (item: Record<string, unknown>) => Promise<unknown>;
let statusOf: (subject: string) => Promise<unknown>;
let delivered: string[] = [];
/** Whether no execution waits for a token any more. */
let isStopped = false;

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  const { table } = await import('../../functions/shared/clients/dynamodb');
  put = (Item) => table.send(new PutCommand({ TableName: 'incidents', Item }));
  statusOf = async (subject) => {
    const Key = { pk: `APPROVAL#${incidentId}`, sk: `APPROVAL#${subject}` };
    return (await table.send(new GetCommand({ TableName: 'incidents', Key }))).Item?.status;
  };
  const { stepFunctions } = await import('../../functions/shared/clients/step-functions');
  jest.spyOn(stepFunctions, 'send').mockImplementation((async ({ input }: { input: { taskToken: string } }) => {
    if (isStopped) throw Object.assign(new Error('Task Timed Out'), { name: 'TaskTimedOut' });
    delivered.push(input.taskToken);
    return {};
  }) as never);
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});
beforeEach(async () => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  delivered = [];
  isStopped = false;
  await put({ pk: `INCIDENT#${incidentId}`, sk: 'RECORD', status: 'OPEN' });
  for (const [subject, questionId] of Object.entries(ids))
    await put({
      pk: `APPROVAL#${incidentId}`,
      sk: `APPROVAL#${subject}`,
      ...question(subject, questionId),
      status: 'EXPIRED',
    });
});

const ids = { isolate: 'q-aaaaaaaaaaaa', 'revoke-sessions': 'q-bbbbbbbbbbbb' };
const question = (subject: string, questionId?: string, askedAt = new Date().toISOString()) => ({
  incidentId,
  subject,
  questionId,
  playbook: 'isolate-instance',
  mode: 'act',
  what: subject,
  token: `T-${subject}`,
  askedAt,
  answerBy: new Date(Date.now() + 3_600_000).toISOString(),
  status: 'OPEN',
});
const ask = (subject: 'isolate' | 'revoke-sessions', withId = true) =>
  put({
    pk: `APPROVAL#${incidentId}`,
    sk: `APPROVAL#${subject}`,
    ...question(subject, withId ? ids[subject] : undefined),
  });

/** The payload that the notice of a question hands to its reader. */
function payloadOf(subject: 'isolate' | 'revoke-sessions', questionId?: string): Record<string, unknown> {
  const { text } = buildQuestion({
    ...question(subject),
    questionId,
    stage: 'dev',
    region: 'us-east-1',
    drill: false,
    why: 'w',
    answerFunction: 'f',
  } as never);
  return JSON.parse(/--data '(.*?)'/.exec(text)![1]!);
}

async function answer(payload: Record<string, unknown>, by: string): Promise<string> {
  const { handler } = await import('../../functions/approval/answer-approval');
  return heardFrom(handler, answerEvent(payload, by));
}

test('two people answer the first notice word for word: the second yes approves no later question', async () => {
  await ask('isolate');
  const payload = payloadOf('isolate', ids.isolate);

  expect(await answer(payload, 'alice')).toBe('taken');
  await ask('revoke-sessions');
  expect(await answer(payload, 'bob')).toBe('AlreadyAnsweredError');
  expect(await statusOf('revoke-sessions')).toBe('OPEN');
  expect(delivered).toEqual(['T-isolate']);
});

test('an answer that names another question is refused, also one of the same incident', async () => {
  await ask('isolate');

  expect(await answer(payloadOf('isolate', 'q-cccccccccccc'), 'bob')).toBe('NoApprovalAskedError');
  expect(await answer(payloadOf('isolate', ids['revoke-sessions']), 'bob')).toBe('NoApprovalAskedError');
  expect(await statusOf('isolate')).toBe('OPEN');
});

test('an answer that names neither question nor subject is refused once the incident has asked two', async () => {
  await ask('revoke-sessions');

  expect(await answer({ incidentId, answer: 'yes' }, 'bob')).toBe('QuestionNotNamedError');
  expect(await statusOf('revoke-sessions')).toBe('OPEN');
  expect(delivered).toEqual([]);
});

test('an answer that names its subject alone counts for that question, which is asked once an incident', async () => {
  await ask('revoke-sessions');

  expect(await answer({ incidentId, subject: 'isolate', answer: 'yes' }, 'bob')).toBe('AnswerTooLateError');
  expect(await answer({ incidentId, subject: 'revoke-sessions', answer: 'no' }, 'bob')).toBe('taken');
  expect(delivered).toEqual(['T-revoke-sessions']);
});

test('a question of a former release, which has no id, can still be answered', async () => {
  await ask('isolate', false);

  expect(await answer(payloadOf('isolate'), 'alice')).toBe('taken');
  await ask('revoke-sessions', false);
  expect(await answer(payloadOf('isolate'), 'bob')).toBe('AlreadyAnsweredError');
});

describe('a question whose execution was stopped', () => {
  test('is told to be over, and closed, once the incident is', async () => {
    await ask('isolate');
    await put({ pk: `INCIDENT#${incidentId}`, sk: 'RECORD', status: 'CLOSED' });

    expect(await answer(payloadOf('isolate', ids.isolate), 'alice')).toBe('AnswerTooLateError');
    expect(await statusOf('isolate')).toBe('EXPIRED');
    expect(delivered).toEqual([]);
  });

  test('is closed, too, by an answer that nobody takes before the incident is closed', async () => {
    await ask('isolate');
    isStopped = true;

    expect(await answer(payloadOf('isolate', ids.isolate), 'alice')).toBe('AnswerTooLateError');
    expect(await statusOf('isolate')).toBe('EXPIRED');
  });
});
