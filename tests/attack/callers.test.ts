import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Approval } from '../../functions/approval/approval';
import { assertApproved } from '../../functions/approval/approved';
import { questionOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';
import { answerEvent, heardFrom } from '../fixtures/url';

const incident = {
  incidentId: `inc-${'e'.repeat(20)}`,
  executionId: 'execution',
  playbook: 'patch-instance',
  mode: 'act' as const,
};
const target = { instanceId: 'i-0123456789abcdef0', reboot: 'NoReboot' as const };
const { incidentId } = incident;
const yes = { incidentId, answer: 'yes' };
const assumed = (session: string, role = 'on-call') => `arn:aws:sts::123456789012:assumed-role/${role}/${session}`;

let stop: () => Promise<void>;
let put: (item: Record<string, unknown>) => Promise<unknown>;
let stored: () => Promise<Approval & Record<string, unknown>>;
let delivered: string[] = [];

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  const { table } = await import('../../functions/shared/clients/dynamodb');
  put = (Item) => table.send(new PutCommand({ TableName: 'incidents', Item }));
  const { pk, sk } = questionOf(incident, 'install', target);
  stored = async () => (await table.send(new GetCommand({ TableName: 'incidents', Key: { pk, sk } }))).Item as never;
  const { stepFunctions } = await import('../../functions/shared/clients/step-functions');
  jest.spyOn(stepFunctions, 'send').mockImplementation((async ({ input }: { input: { output: string } }) => {
    delivered.push(JSON.parse(input.output).verdict);
    return {};
  }) as never);
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});
beforeEach(() => {
  setEnvironment({ REQUESTER_MAY_APPROVE: 'no' });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  delivered = [];
});

const ask = (change: Record<string, unknown> = {}) => put(questionOf(incident, 'install', target, change));
const change = { subject: 'install', ...target } as const;
const mayChange = () =>
  assertApproved(incident, change, { config, clock: { now: () => new Date() }, ids: () => 'id' }).then(
    () => 'approved',
    (error: Error) => error.message,
  );
async function answer(event: unknown): Promise<string> {
  const { handler } = await import('../../functions/approval/answer-approval');
  return heardFrom(handler, event);
}
const answerBy = (by: string, content: object = yes) => answer(answerEvent(content, by));
/** The event of a signed answer, with other fields of what IAM says. */
const forged = (iam: object, context: object = {}) => {
  const event = answerEvent(yes, 'alice') as { requestContext: { authorizer: { iam: object } } };
  const authorizer = { iam: { ...event.requestContext.authorizer.iam, ...iam } };
  return { ...event, requestContext: { ...event.requestContext, authorizer, ...context } };
};

describe('who answers is what IAM says', () => {
  beforeEach(() => ask());

  test.each<[string, () => unknown, string]>([
    ['a direct invocation that names itself', () => ({ ...yes, answeredBy: 'alice' }), 'UnverifiedCallerError'],
    ['a direct invocation with a body', () => ({ body: JSON.stringify(yes) }), 'UnverifiedCallerError'],
    ['nothing at all', () => null, 'InvalidInputError'],
    ['a request that nobody signed', () => answerEvent(yes), 'UnverifiedCallerError'],
    [
      'another authorizer',
      () => forged({}, { authorizer: { jwt: { claims: { sub: 'alice' } } } }),
      'UnverifiedCallerError',
    ],
    ['no authorizer', () => forged({}, { authorizer: null }), 'UnverifiedCallerError'],
    ['a user of another account', () => answerEvent(yes, 'arn:aws:iam::999988887777:user/alice'), 'CallerRefusedError'],
    [
      'an ARN of another account',
      () => forged({ userArn: assumed('alice').replace('1234', '9999') }),
      'CallerRefusedError',
    ],
    ['a caller of another account', () => forged({ accountId: '999988887777' }), 'CallerRefusedError'],
    ['the URL of another account', () => forged({}, { accountId: '999988887777' }), 'CallerRefusedError'],
    ['an instance', () => answerEvent(yes, assumed('i-0123456789abcdef0', 'web')), 'CallerRefusedError'],
    ['no user', () => forged({ userId: undefined }), 'InvalidInputError'],
    ['control characters', () => forged({ userId: 'AROA:a\u001b[2J' }), 'InvalidInputError'],
  ])('%s is refused', async (_what, event, refusal) => {
    expect(await answer(event())).toBe(refusal);
    expect(await stored()).toMatchObject({ status: 'OPEN', token: 'TOKEN' });
    expect(delivered).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['no answer', JSON.stringify({ incidentId })],
    ['too much', JSON.stringify({ ...yes, padding: 'x'.repeat(5_000) })],
    ['a body that is no text', 7],
  ])('a signed request with %s is refused', async (_what, body) => {
    expect(await answer({ ...answerEvent(yes, 'alice'), body })).toBe('InvalidInputError');
    expect((await stored()).status).toBe('OPEN');
  });

  test('the approval names the account, principal and session of the caller, whatever the body claims', async () => {
    expect(await answerBy('alice', { ...yes, answeredBy: 'bob', answers: [] })).toBe('taken');
    expect(await stored()).toMatchObject({
      status: 'ANSWERED',
      answeredBy: assumed('alice'),
      answers: [
        {
          answer: 'yes',
          caller: {
            accountId: '123456789012',
            principalId: expect.stringMatching(/^AROA/),
            session: 'alice',
            arn: assumed('alice'),
          },
        },
      ],
    });
    expect(await mayChange()).toBe('approved');
  });

  test('a body in base64, as of any other content type, is read too', async () => {
    const body = Buffer.from(JSON.stringify(yes)).toString('base64');
    expect(await answer({ ...answerEvent(yes, 'alice'), body, isBase64Encoded: true })).toBe('taken');
  });
});

describe('a request that needs two people', () => {
  beforeEach(() => ask({ needed: 2 }));

  test('is approved by the second one, and by none of them alone', async () => {
    expect(await answerBy('alice')).toBe('taken');
    expect(await stored()).toMatchObject({ status: 'OPEN' });
    expect(delivered).toEqual([]);
    expect(await mayChange()).toMatch('there is no yes');
    expect(await answerBy('bob')).toBe('taken');
    expect(await stored()).toMatchObject({ status: 'ANSWERED', answeredBy: `${assumed('alice')}, ${assumed('bob')}` });
    expect(delivered).toEqual(['APPROVED']);
    expect(await mayChange()).toBe('approved');
  });

  test.each([
    ['the same session', 'alice', 'alice'],
    ['the same user', 'arn:aws:iam::123456789012:user/alice', 'arn:aws:iam::123456789012:user/alice'],
    ['the same name under another role', assumed('alice'), assumed('alice', 'admin')],
    ['the same name in another case', 'alice', 'Alice'],
  ])('counts %s once', async (_what, first, second) => {
    expect(await answerBy(first)).toBe('taken');
    expect(await answerBy(second)).toBe('AlreadyAnsweredError');
    expect((await stored()).status).toBe('OPEN');
    expect(delivered).toEqual([]);
  });

  test('counts both of two people who answer at the same time', async () => {
    expect(await Promise.all([answerBy('alice'), answerBy('bob')])).toEqual(['taken', 'taken']);
    expect(delivered).toEqual(['APPROVED']);
  });

  test('ends with a single no, also after a yes', async () => {
    expect(await answerBy('alice')).toBe('taken');
    expect(await answerBy('bob', { ...yes, answer: 'no' })).toBe('taken');
    expect(delivered).toEqual(['DENIED']);
    expect(await answerBy('carol')).toBe('AlreadyAnsweredError');
    expect(await mayChange()).toMatch('there is no yes');
  });

  test('is not approved by a stored yes of too few people', async () => {
    const at = new Date().toISOString();
    const caller = { accountId: '123456789012', principalId: 'AROA1', arn: assumed('alice'), session: 'alice' };
    const answers = [caller, caller].map((one) => ({ answer: 'yes', at, caller: one }));
    await ask({ needed: 2, status: 'ANSWERED', answer: 'yes', answeredBy: 'alice', answeredAt: at, answers });
    expect(await mayChange()).toMatch('too few people');
  });
});

describe('whoever started a playbook', () => {
  test.each([
    ['by session', 'alice', 'alice'],
    ['by session, in another case', 'ALICE', 'alice'],
    ['by user name', 'kim', 'arn:aws:iam::123456789012:user/kim'],
    ['by ARN', assumed('alice'), 'alice'],
  ])('may not approve it, named %s', async (_how, requestedBy, by) => {
    await ask({ requestedBy });
    expect(await answerBy(by)).toBe('RequesterMayNotApproveError');
    expect(delivered).toEqual([]);
    expect(await answerBy('bob')).toBe('taken');
    expect(delivered).toEqual(['APPROVED']);
  });

  test('may say no', async () => {
    await ask({ requestedBy: 'alice' });
    expect(await answerBy('alice', { ...yes, answer: 'no' })).toBe('taken');
    expect(delivered).toEqual(['DENIED']);
  });

  test('may approve it where the stage says so', async () => {
    setEnvironment({ REQUESTER_MAY_APPROVE: 'yes' });
    await ask({ requestedBy: 'alice' });
    expect(await answerBy('alice')).toBe('taken');
  });
});

describe('a request among the other items of its incident', () => {
  const former = { pk: `INCIDENT#${incidentId}` };
  const current = questionOf(incident, 'install', target);
  const status = async (pk: string) => {
    const { table } = await import('../../functions/shared/clients/dynamodb');
    return (await table.send(new GetCommand({ TableName: 'incidents', Key: { pk, sk: current.sk } }))).Item?.status;
  };
  const forget = async (pk: unknown) => {
    const { table } = await import('../../functions/shared/clients/dynamodb');
    await table.send(new DeleteCommand({ TableName: 'incidents', Key: { pk, sk: current.sk } }));
  };
  afterEach(() => forget(former.pk));

  test('is one of an earlier release: it can be answered where it stands', async () => {
    await forget(current.pk);
    await ask(former);
    expect(await answerBy('alice')).toBe('taken');
    expect(await status(former.pk)).toBe('ANSWERED');
    expect(delivered).toEqual(['APPROVED']);
  });

  test('approves no change, since every step could have planted it there', async () => {
    await forget(current.pk);
    const at = new Date().toISOString();
    await ask({ ...former, status: 'ANSWERED', answer: 'yes', answeredBy: 'alice', answeredAt: at });
    expect(await mayChange()).toMatch('approval was not requested');
  });

  test('does not stand in for the one in the partition of approvals', async () => {
    await ask();
    await ask({ ...former, token: 'PLANTED' });
    expect(await answerBy('alice')).toBe('taken');
    expect(await status(former.pk)).toBe('OPEN');
    expect((await stored()).status).toBe('ANSWERED');
  });
});
