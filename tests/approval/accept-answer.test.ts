import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { acceptAnswer } from '../../functions/approval/accept-answer';
import { answerIn, verifiedCaller } from '../../functions/approval/answer-request';
import type { Caller } from '../../functions/approval/caller';
import { table } from '../../functions/shared/clients/dynamodb';
import { stepFunctions } from '../../functions/shared/clients/step-functions';
import { answering, awsError } from '../fixtures/answering';
import { openRecordOf, questionOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const at = new Date('2026-11-24T02:00:00.000Z');
const target = { instanceId: 'i-0123456789abcdef0', reboot: 'NoReboot' as const };
const questionId = 'q-0123456789ab';
let stop: () => Promise<void>;
let tokens: string[];
let refuses: (token: string) => string | undefined;
let count = 0;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment({ REQUESTER_MAY_APPROVE: 'no' });
  tokens = [];
  refuses = () => undefined;
  answering(stepFunctions, () => ({
    SendTaskSuccess: ({ taskToken }: { taskToken: string }) => {
      tokens.push(taskToken);
      const name = refuses(taskToken);
      if (name) throw awsError(name);
      return {};
    },
  }));
});

const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
const read = async (pk: string, sk: string) =>
  (await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key: { pk, sk } }))).Item;
const person = (session: string): Caller => ({
  accountId: '123456789012',
  principalId: 'AROA1',
  arn: `arn:aws:sts::123456789012:assumed-role/on-call/${session}`,
  session,
});
const [alice, bob] = [person('alice'), person('bob')];

async function asking(change: Record<string, unknown> = {}) {
  const incident = {
    incidentId: `inc-${String(count++).padStart(20, '0')}`,
    executionId: 'execution',
    playbook: 'patch-instance',
    mode: 'act' as const,
  };
  await put(openRecordOf(incident));
  const times = { askedAt: '2026-11-24T01:00:00.000Z', answerBy: '2026-11-24T03:00:00.000Z' };
  await put(questionOf(incident, 'install', target, { ...times, ...change }));
  return incident;
}
type Given = Parameters<typeof acceptAnswer>[0];
const answer = ({ incidentId }: { incidentId: string }, caller: Caller, change: Partial<Given> = {}, now = at) =>
  acceptAnswer({ incidentId, questionId, answer: 'yes', ...change } as Given, caller, {
    clock: { now: () => now },
    config,
  } as never);
const stored = ({ incidentId }: { incidentId: string }) => read(`APPROVAL#${incidentId}`, 'APPROVAL#install');
const entry = ({ incidentId }: { incidentId: string }, key: string) => read(`INCIDENT#${incidentId}`, `ENTRY#${key}`);

test('a complete answer is in the timeline, with who gave it', async () => {
  const incident = await asking();

  expect(await answer(incident, alice)).toEqual({
    ...{ incidentId: incident.incidentId, questionId, subject: 'install', answer: 'yes' },
    ...{ answeredBy: alice.arn, at: at.toISOString(), missing: 0 },
  });
  expect(await entry(incident, 'approval-answered#install')).toMatchObject({
    at: at.toISOString(),
    what: `${alice.arn} answered yes (install).`,
  });
});

test('each yes of several is in the timeline, with how many are still needed', async () => {
  const incident = await asking({ needed: 3 });

  expect(await answer(incident, alice)).toMatchObject({ missing: 2 });
  expect(await answer(incident, bob)).toMatchObject({ missing: 1 });
  expect((await entry(incident, 'approval-yes#install#1'))?.what).toBe(
    `${alice.arn} answered yes (install); 2 more yeses needed.`,
  );
  expect((await entry(incident, 'approval-yes#install#2'))?.what).toBe(
    `${bob.arn} answered yes (install); 1 more yes needed.`,
  );
  expect(tokens).toEqual([]);
});

test('whoever started the playbook may approve it where the stage says so', async () => {
  const incident = await asking({ requestedBy: 'alice' });

  await expect(answer(incident, alice)).rejects.toMatchObject({ name: 'RequesterMayNotApproveError' });
  setEnvironment({ REQUESTER_MAY_APPROVE: 'yes' });
  expect(await answer(incident, alice)).toMatchObject({ missing: 0 });
});

test('an answer reaches the newest attempt of the step, and an earlier attempt that has ended does not matter', async () => {
  const incident = await asking({ laterTokens: ['SECOND', 'THIRD'] });
  refuses = (token) => (token === 'SECOND' ? undefined : 'TaskTimedOut');

  await answer(incident, alice);
  expect(tokens).toEqual(['THIRD', 'SECOND', 'TOKEN']);
  expect(await stored(incident)).toMatchObject({ status: 'ANSWERED' });
});

test.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
  'an answer that nobody waits for any more (%s) is refused, and closes the request',
  async (name) => {
    const incident = await asking();
    refuses = () => name;

    await expect(answer(incident, alice)).rejects.toMatchObject({
      name: 'AnswerTooLateError',
      message: 'The playbook is no longer waiting for an answer, which means no.',
    });
    expect(await stored(incident)).toMatchObject({ status: 'EXPIRED' });
    expect((await stored(incident))?.token).toBeUndefined();
  },
);

describe('an answer whose delivery failed', () => {
  test('can be repeated by who gave it, and by nobody else', async () => {
    const incident = await asking();
    refuses = () => 'ThrottlingException';
    await expect(answer(incident, alice)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(await stored(incident)).toMatchObject({ status: 'DELIVERING', answer: 'yes' });
    refuses = () => undefined;

    await expect(answer(incident, bob)).rejects.toMatchObject({
      name: 'AlreadyAnsweredError',
      message: `${alice.arn} has already answered yes.`,
    });
    expect(await answer(incident, alice)).toMatchObject({ missing: 0 });
    expect(await stored(incident)).toMatchObject({ status: 'ANSWERED' });
  });

  test('stays as it is when the repeated one finds nobody: the first may have arrived', async () => {
    const incident = await asking();
    refuses = () => 'ThrottlingException';
    await expect(answer(incident, alice)).rejects.toMatchObject({ name: 'ThrottlingException' });
    refuses = () => 'TaskTimedOut';

    await expect(answer(incident, alice)).rejects.toMatchObject({ name: 'AnswerTooLateError' });
    expect(await stored(incident)).toMatchObject({ status: 'DELIVERING' });
  });
});

test('an error that names a timeout in its middle is no refusal of Step Functions', async () => {
  const incident = await asking();
  refuses = () => 'NotTaskTimedOut';

  await expect(answer(incident, alice)).rejects.toMatchObject({ name: 'NotTaskTimedOut' });
  expect(await stored(incident)).toMatchObject({ status: 'DELIVERING' });
});

test('a no is recorded as the end of the run, before the playbook has it', async () => {
  const incident = await asking();
  await answer(incident, alice, { answer: 'no' });

  expect(await read(`INCIDENT#${incident.incidentId}`, 'END#SKIPPED#denied')).toMatchObject({
    executionId: 'execution',
    reason: expect.stringContaining(`Denied by ${alice.arn}`),
  });
});

test('a yes records no end', async () => {
  const incident = await asking();
  await answer(incident, alice);

  expect(await read(`INCIDENT#${incident.incidentId}`, 'END#SKIPPED#denied')).toBeUndefined();
});

test('a no to a request of an earlier release, which has no execution, is delivered', async () => {
  const incident = await asking({ executionId: undefined, answeredBy: undefined });

  expect(await answer(incident, alice, { answer: 'no' })).toMatchObject({ answer: 'no' });
  expect(tokens).toEqual(['TOKEN']);
});

test.each([
  [new Date('2026-11-24T02:59:59.999Z'), true],
  [new Date('2026-11-24T03:00:00.000Z'), false],
])('at %j an answer by 03:00 counts: %s', async (now, counts) => {
  const incident = await asking();
  const given = answer(incident, alice, {}, now);

  if (counts) await expect(given).resolves.toMatchObject({ missing: 0 });
  else
    await expect(given).rejects.toMatchObject({
      name: 'AnswerTooLateError',
      message: 'The deadline was 2026-11-24T03:00:00.000Z; no answer by then means no.',
    });
});

test('a request that has expired says so', async () => {
  const incident = await asking({ status: 'EXPIRED' });

  await expect(answer(incident, alice)).rejects.toMatchObject({ name: 'AnswerTooLateError' });
});

test('an answered request names who answered, as far as it is known', async () => {
  const incident = await asking({ status: 'ANSWERED', answer: undefined, answeredBy: undefined });

  await expect(answer(incident, alice)).rejects.toMatchObject({
    name: 'AlreadyAnsweredError',
    message: 'Someone has already answered.',
  });
});

test('people who answer at the same moment are all counted', async () => {
  const incident = await asking({ needed: 9 });
  const people = ['a', 'b', 'c'].map(person);
  const answers = await Promise.all(people.map((one) => answer(incident, one)));

  expect(answers.map(({ missing }) => missing).sort()).toEqual([6, 7, 8]);
  expect((await stored(incident))?.answers).toHaveLength(3);
});

describe('the request that an answer is for', () => {
  test('exists: an incident without any, or without this one, says so', async () => {
    const incident = await asking();

    await expect(answer({ incidentId: 'inc-none' }, alice)).rejects.toMatchObject({
      name: 'NoApprovalAskedError',
      message: 'Incident inc-none has not requested approval.',
    });
    const other: Partial<Given>[] = [
      { questionId: 'q-ffffffffffff' },
      { questionId: undefined, subject: 'isolate' },
      { subject: 'isolate' },
    ];
    for (const change of other)
      await expect(answer(incident, alice, change)).rejects.toMatchObject({
        name: 'NoApprovalAskedError',
        message: `Incident ${incident.incidentId} has no such request for approval.`,
      });
    expect(tokens).toEqual([]);
  });

  test('has to be named where there are several; a subject is enough', async () => {
    const incident = await asking();
    const second = questionOf(incident, 'release', { ...target, isolatedBy: 'inc-0', kinds: [] } as never, {
      questionId: 'q-ffffffffffff',
      answerBy: '2026-11-24T03:00:00.000Z',
    });
    await put(second);

    await expect(answer(incident, alice, { questionId: undefined })).rejects.toMatchObject({
      name: 'QuestionNotNamedError',
      message: 'The incident has several requests for approval: pass the ID of the one to answer.',
    });
    const given: Partial<Given> = { questionId: undefined, subject: 'install' };
    expect(await answer(incident, alice, given)).toMatchObject({ subject: 'install' });
  });
});

describe('what came over HTTP', () => {
  const body = { incidentId: `inc-${'0'.repeat(20)}`, answer: 'yes' };

  test('is an answer of at most 4,096 characters, in plain text or base64', () => {
    const text = JSON.stringify(body);

    expect(answerIn({ body: text })).toEqual(body);
    expect(answerIn({ body: Buffer.from(text).toString('base64'), isBase64Encoded: true })).toEqual(body);
    expect(answerIn({ body: text.padEnd(4_096) })).toEqual(body);
    expect(() => answerIn({ body: text.padEnd(4_097) })).toThrow('body: expected an answer');
    expect(() => answerIn({ body: 7 })).toThrow('body: expected an answer');
    expect(() => answerIn({})).toThrow('body: expected an answer');
  });

  test('that is no JSON says so, with the cause', () => {
    expect(() => answerIn({ body: '{' })).toThrow(
      expect.objectContaining({
        name: 'InvalidInputError',
        message: 'body: expected JSON',
        cause: expect.any(SyntaxError),
      }),
    );
  });

  test('names the wrong field, never its value', () => {
    expect(() => answerIn({ body: JSON.stringify({ ...body, incidentId: 'secret' }) })).toThrow(
      'body.incidentId: expected an incident ID',
    );
  });

  test.each([undefined, {}, { authorizer: null }, { authorizer: {} }, { authorizer: { iam: null } }])(
    'without what IAM says is not verified: %j',
    (requestContext) => {
      expect(() => verifiedCaller({ requestContext } as never, config)).toThrow(
        expect.objectContaining({
          name: 'UnverifiedCallerError',
          message: 'Answers are accepted only through the function URL, in a signed request: use `npm run approve`.',
        }),
      );
    },
  );

  test('with an incomplete context names the field', () => {
    const requestContext = { accountId: '123456789012', authorizer: { iam: { accountId: '123456789012' } } };

    expect(() => verifiedCaller({ requestContext } as never, config)).toThrow(
      'input.requestContext.authorizer.iam.userArn',
    );
  });
});
