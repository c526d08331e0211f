import type { Answer, Approval } from '../../functions/approval/approval';
import { type Caller, callerFrom, isNamed, isSamePerson } from '../../functions/approval/caller';
import { overHttp } from '../../functions/approval/over-http';
import { isRepeated, missing, peopleWhoSaidYes, withAnswer } from '../../functions/approval/tally';

const account = '123456789012';
const at = '2026-11-24T02:00:00.000Z';
const person = (session: string, principalId = 'AROA1', arn = `arn:aws:sts::${account}:assumed-role/ops/${session}`) =>
  ({ accountId: account, principalId, arn, session }) as Caller;
const user = (name: string): Caller => ({
  accountId: account,
  principalId: `AIDA-${name}`,
  arn: `arn:aws:iam::${account}:user/${name}`,
});
const said = (caller: Caller, answer: 'yes' | 'no' = 'yes'): Answer => ({ answer, at, caller });
const [alice, bob] = [person('alice'), person('bob')];

describe('a verified caller', () => {
  const stage = { ACCOUNT_IDS: [account] };
  const authorized = { accountId: account, userArn: alice.arn, userId: 'AROA1:alice' };

  test('is principal and session, as IAM names them', () => {
    expect(callerFrom(authorized, account, stage)).toEqual(alice);
    expect(callerFrom({ ...authorized, userId: 'AROA1:a:b' }, account, stage).session).toBe('a:b');
    expect(callerFrom({ ...authorized, userId: 'AIDA1' }, account, stage)).toEqual({
      accountId: account,
      principalId: 'AIDA1',
      arn: alice.arn,
    });
  });

  test.each<[string, object, string, string[]]>([
    ['of another account', { accountId: '999999999999' }, account, [account]],
    ['with an ARN of another account', { userArn: alice.arn.replace(account, '999999999999') }, account, [account]],
    ['of a function in another account', {}, '999999999999', [account, '999999999999']],
    ['of an account that is not the stage’s', {}, account, ['999999999999']],
  ])('%s may not answer', (_what, change, owner, ACCOUNT_IDS) => {
    expect(() => callerFrom({ ...authorized, ...change }, owner, { ACCOUNT_IDS })).toThrow(
      expect.objectContaining({
        name: 'CallerRefusedError',
        message: "The caller belongs to another account than the stage's: it may not answer.",
      }),
    );
  });

  test.each([
    ['i-0123456789abcdef0', true],
    ['i-01234567', true],
    ['i-alice', false],
    ['xi-01234567', false],
    ['i-01234567-x', false],
  ])('whose session is %s is an instance: %s', (session, is) => {
    const call = () => callerFrom({ ...authorized, userId: `AROA1:${session}` }, account, stage);

    if (is)
      expect(call).toThrow(
        expect.objectContaining({
          name: 'CallerRefusedError',
          message: 'The caller is an instance, not a person: it may not answer.',
        }),
      );
    else expect(call().session).toBe(session);
  });
});

test.each<[Caller, Caller, boolean]>([
  [alice, alice, true],
  [alice, person('ALICE'), true],
  [alice, person('alice', 'AROA2'), true],
  [alice, bob, false],
  [user('alice'), user('alice'), true],
  [user('alice'), user('bob'), false],
  [user('alice'), { ...alice, principalId: 'AIDA-alice' }, false],
])('%j and %j are one person: %s', (some, other, is) => {
  expect(isSamePerson(some, other)).toBe(is);
  expect(isSamePerson(other, some)).toBe(is);
});

test.each([
  [alice.arn, true],
  ['alice', true],
  [' Alice ', true],
  ['bob', false],
  ['ops', false],
  ['', false],
])('alice is called %j: %s', (name, is) => {
  expect(isNamed(alice, name)).toBe(is);
});

test('a user is called by the last part of the ARN', () => {
  expect(isNamed(user('team/alice'), 'alice')).toBe(true);
  expect(isNamed(user('team/alice'), 'team')).toBe(false);
});

describe('the tally of a request', () => {
  const asked = (change: Partial<Approval> = {}): Approval => ({
    incidentId: 'inc-0',
    subject: 'isolate',
    playbook: 'isolate-instance',
    mode: 'act',
    what: 'Isolate i-1.',
    askedAt: at,
    answerBy: at,
    status: 'OPEN',
    ...change,
  });

  test('counts people, not answers, and no noes', () => {
    expect(peopleWhoSaidYes()).toBe(0);
    expect(peopleWhoSaidYes([said(alice), said(person('Alice')), said(bob), said(person('carol'), 'no')])).toBe(2);
  });

  test('says how many are missing', () => {
    expect(missing({})).toBe(1);
    expect(missing({ needed: 2, answers: [said(alice)] })).toBe(1);
    expect(missing({ needed: 1, answers: [said(alice), said(bob)] })).toBe(0);
  });

  test('is complete with the last yes that is needed, of those who gave it', () => {
    expect(withAnswer(asked(), said(alice), false)).toEqual({
      answers: [said(alice)],
      complete: { answer: 'yes', answeredBy: alice.arn },
    });
    expect(withAnswer(asked({ needed: 2 }), said(alice), false)).toEqual({ answers: [said(alice)] });
    expect(withAnswer(asked({ needed: 2, answers: [said(alice)] }), said(bob), false)).toEqual({
      answers: [said(alice), said(bob)],
      complete: { answer: 'yes', answeredBy: `${alice.arn}, ${bob.arn}` },
    });
  });

  test('is ended by a single no, also of somebody who said yes, or who asked', () => {
    const before = asked({ needed: 2, answers: [said(alice)], requestedBy: 'alice' });

    expect(withAnswer(before, said(alice, 'no'), false)).toEqual({
      answers: [said(alice), said(alice, 'no')],
      complete: { answer: 'no', answeredBy: alice.arn },
    });
  });

  test('does not count the same person twice', () => {
    const before = asked({ needed: 3, answers: [said(alice), said(bob)] });

    expect(() => withAnswer(before, said(alice), false)).toThrow(
      expect.objectContaining({
        name: 'AlreadyAnsweredError',
        message: 'The same person has already said yes: 1 of 3 people are still needed.',
      }),
    );
  });

  test('does not count whoever asked, unless the stage allows it', () => {
    const before = asked({ requestedBy: 'alice' });

    expect(() => withAnswer(before, said(alice), false)).toThrow(
      expect.objectContaining({
        name: 'RequesterMayNotApproveError',
        message: 'alice started this playbook: another person has to approve it (requesterMayApprove of the stage).',
      }),
    );
    expect(withAnswer(before, said(alice), true).complete).toBeDefined();
    expect(withAnswer(before, said(bob), false).complete).toBeDefined();
  });

  test.each<[string, Partial<Approval>, Caller, 'yes' | 'no', boolean]>([
    ['one whose delivery failed', {}, alice, 'yes', true],
    ['another answer', {}, alice, 'no', false],
    ['another person’s', {}, bob, 'yes', false],
    ['one of several people', { answers: [said(bob), said(alice)], answeredBy: 'both' }, bob, 'yes', true],
    ['one that arrived', { status: 'ANSWERED' }, alice, 'yes', false],
    ['one of an earlier release', { answers: undefined }, alice, 'yes', true],
    ['nobody’s', { answers: undefined, answeredBy: undefined }, alice, 'yes', false],
  ])('knows a repeated answer: %s', (_what, change, caller, answer, is) => {
    const delivering: Partial<Approval> = {
      status: 'DELIVERING',
      answer: 'yes',
      answers: [said(alice)],
      answeredBy: alice.arn,
    };

    expect(isRepeated(asked({ ...delivering, ...change }), answer, caller)).toBe(is);
  });
});

describe('over HTTP', () => {
  const failing = (name: string) => overHttp(async () => Promise.reject(Object.assign(new Error('why'), { name })));

  test('a result is sent as JSON', async () => {
    expect(await overHttp(async () => ({ missing: 1 }))({}, {} as never)).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"missing":1}',
    });
  });

  test.each([
    ['InvalidInputError', 400],
    ['CallerRefusedError', 403],
    ['RequesterMayNotApproveError', 403],
    ['NoApprovalAskedError', 404],
    ['AlreadyAnsweredError', 409],
    ['QuestionNotNamedError', 409],
    ['AnswerTooLateError', 410],
  ])('%s is %d', async (name, statusCode) => {
    const { body, ...response } = await failing(name)({}, {} as never);

    expect(response.statusCode).toBe(statusCode);
    expect(JSON.parse(body)).toEqual({ errorType: name, errorMessage: 'why' });
  });

  test.each(['TypeError', 'UnverifiedCallerError', 'ThrottledError'])('%s stays an error', async (name) => {
    await expect(failing(name)({}, {} as never)).rejects.toMatchObject({ name });
  });
});
