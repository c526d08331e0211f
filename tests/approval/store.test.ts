import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Approval } from '../../functions/approval/approval';
import {
  type Asked,
  keepAnswer,
  keepQuestion,
  keepYes,
  noteDead,
  noteDelivered,
  noteExpired,
  readAgain,
  readQuestion,
  readQuestions,
} from '../../functions/approval/store';
import { table } from '../../functions/shared/clients/dynamodb';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 2, minutes)).toISOString();
const yes = { answer: 'yes' as const, answeredBy: 'alice', answeredAt: at(1) };
let stop: () => Promise<void>;
let count = 0;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());

const asked = (change: Partial<Asked> = {}): Asked => ({
  incidentId: `inc-${count++}`,
  subject: 'isolate',
  questionId: 'q-0123456789ab',
  playbook: 'isolate-instance',
  executionId: 'execution',
  mode: 'act',
  target: { instanceId: 'i-1' },
  what: 'Isolate i-1.',
  hash: 'f'.repeat(64),
  token: 'FIRST',
  askedAt: at(0),
  answerBy: at(60),
  status: 'OPEN',
  ...change,
});
const kept = async (change: Partial<Asked> = {}) => {
  const question = asked(change);
  await keepQuestion(question, config);
  return question;
};
const now = ({ incidentId, subject }: Approval) => readQuestion(incidentId, subject, config);

describe('a request', () => {
  test('is kept as it was asked, for as long as records are', async () => {
    const question = asked();
    const Key = { pk: `APPROVAL#${question.incidentId}`, sk: 'APPROVAL#isolate' };

    expect(await keepQuestion(question, config)).toEqual(question);
    const { Item } = await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key }));
    expect(Item).toEqual({
      ...Key,
      ...question,
      expiresAt: Date.parse(question.askedAt) / 1000 + config.RECORD_RETENTION_DAYS * 86_400,
    });
  });

  test('that a retry asks again is the first one; its token joins once', async () => {
    const question = await kept();
    const again = { ...question, questionId: 'q-ffffffffffff', token: 'SECOND', askedAt: at(5) };

    for (let i = 0; i < 2; i++)
      expect(await keepQuestion(again, config)).toMatchObject({ questionId: 'q-0123456789ab', askedAt: at(0) });
    expect(await keepQuestion(question, config)).toMatchObject({ token: 'FIRST' });
    expect(await now(question)).toMatchObject({ token: 'FIRST', laterTokens: ['SECOND'] });
    await keepQuestion({ ...again, token: 'THIRD' }, config);
    expect(await now(question)).toMatchObject({ token: 'FIRST', laterTokens: ['SECOND', 'THIRD'] });
  });

  test('takes only so many tokens', async () => {
    const question = await kept();
    for (let n = 0; n < 12; n++) await keepQuestion({ ...question, token: `T${n}` }, config);

    await expect(keepQuestion({ ...question, token: 'T12' }, config)).rejects.toMatchObject({
      name: 'AlreadyAnsweredError',
    });
    expect((await now(question))?.laterTokens).toHaveLength(12);
  });

  test.each<[string, Partial<Asked>]>([
    ['another execution', { executionId: 'another' }],
    ['another plan', { hash: '0'.repeat(64) }],
  ])('of %s does not take its place', async (_what, change) => {
    const question = await kept();

    await expect(keepQuestion({ ...question, ...change, token: 'OTHER' }, config)).rejects.toMatchObject({
      name: 'AnotherQuestionError',
      message: 'This incident already has another request for approval (isolate).',
    });
    expect(await now(question)).toEqual(question);
  });

  test.each([
    ['answered', (question: Asked) => keepAnswer(question, yes, config)],
    ['expired', (question: Asked) => noteExpired(question, 'isolate', new Date(at(60)), config)],
  ])('that is %s takes no further token', async (_what, end) => {
    const question = await kept();
    await end(question);

    await expect(keepQuestion({ ...question, token: 'LATE' }, config)).rejects.toMatchObject({
      name: 'AlreadyAnsweredError',
      message: 'The request for approval has already been answered.',
    });
  });

  test('is read by subject, or with all of its incident, newest first', async () => {
    const first = await kept();
    const second = await kept({ incidentId: first.incidentId, subject: 'revoke-sessions', askedAt: at(2) });
    await kept({ incidentId: `${first.incidentId}0`, askedAt: at(3) });

    expect(await readQuestions(first.incidentId, config)).toEqual([second, first]);
    expect(await readQuestions('inc-none', config)).toEqual([]);
    expect(await readQuestion(first.incidentId, 'block', config)).toBeUndefined();
  });
});

describe('a request of an earlier release, among the other items of its incident', () => {
  const former = async (change: Partial<Asked> = {}) => {
    const { questionId: _none, ...question } = asked(change);
    const Item = { pk: `INCIDENT#${question.incidentId}`, sk: `APPROVAL#${question.subject}`, ...question };
    await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
    return question;
  };

  test('is read, marked as such, and answered where it is', async () => {
    const { incidentId } = await former();
    const [question] = await readQuestions(incidentId, config);

    expect(question).toMatchObject({ incidentId, subject: 'isolate', isFormer: true });
    expect(await keepAnswer(question!, yes, config)).toBe(true);
    expect(await readAgain(question!, config)).toMatchObject({ ...yes, status: 'DELIVERING', isFormer: true });
    expect(await readQuestion(incidentId, 'isolate', config)).toBeUndefined();
  });

  test('does not count beside one of the same subject in the partition of approvals, and does beside others', async () => {
    const { incidentId } = await former();
    await former({ incidentId, subject: 'block' });
    await kept({ incidentId });
    const questions = await readQuestions(incidentId, config);

    expect(questions.map(({ subject, isFormer }) => [subject, isFormer]).sort()).toEqual([
      ['block', true],
      ['isolate', undefined],
    ]);
  });
});

describe('several yeses', () => {
  const answer = (session: string) => ({
    answer: 'yes' as const,
    at: at(1),
    caller: { accountId: '123456789012', principalId: 'AROA1', arn: session, session },
  });

  test('are added one after the other; of two that were read at the same time only one is', async () => {
    const question = await kept({ needed: 3 });

    expect(await keepYes(question, [answer('alice')], config)).toBe(true);
    expect(await keepYes(question, [answer('bob')], config)).toBe(false);
    const first = (await now(question))!;
    expect(await keepYes(first, [...first.answers!, answer('bob')], config)).toBe(true);
    expect(await keepYes(first, [...first.answers!, answer('carol')], config)).toBe(false);
    expect((await now(question))?.answers?.map(({ caller }) => caller.session)).toEqual(['alice', 'bob']);
  });

  test('do not complete a request that has other answers than were read', async () => {
    const question = await kept({ needed: 2 });
    await keepYes(question, [answer('alice')], config);

    expect(await keepAnswer(question, { ...yes, answers: [answer('bob')] }, config)).toBe(false);
    expect((await now(question))?.status).toBe('OPEN');
  });

  test('do not come after the deadline', async () => {
    const question = await kept({ answerBy: at(1) });

    expect(await keepYes(question, [answer('alice')], config)).toBe(false);
  });
});

describe('a request that nobody waits for', () => {
  test('is closed without its tokens, before its deadline too', async () => {
    const question = await kept();
    await keepQuestion({ ...question, token: 'SECOND' }, config);
    await noteDead(question, config);

    const { token, laterTokens, status } = (await now(question))!;
    expect({ token, laterTokens, status }).toEqual({ status: 'EXPIRED' });
  });

  test('is closed while its answer is on its way, and not after that', async () => {
    const [onItsWay, arrived] = [await kept(), await kept()];
    for (const question of [onItsWay, arrived]) await keepAnswer(question, yes, config);
    await noteDelivered(arrived, config);
    for (const question of [onItsWay, arrived]) await noteDead(question, config);

    expect((await now(onItsWay))?.status).toBe('EXPIRED');
    expect((await now(arrived))?.status).toBe('ANSWERED');
  });
});

describe('an answer', () => {
  test('is kept, and may be repeated word for word until it is delivered', async () => {
    const question = await kept();

    expect(await keepAnswer(question, yes, config)).toBe(true);
    expect(await now(question)).toMatchObject({ status: 'DELIVERING', ...yes, token: 'FIRST' });
    expect(await keepAnswer(question, { ...yes, answeredAt: at(2) }, config)).toBe(true);
    await noteDelivered(question, config);
    expect(await keepAnswer(question, yes, config)).toBe(false);
    expect(await now(question)).toMatchObject({ status: 'ANSWERED', answeredAt: at(2) });
  });

  test.each<[string, Partial<typeof yes> | { answer: 'no' }]>([
    ['another person', { answeredBy: 'bob' }],
    ['the same person, who says otherwise', { answer: 'no' }],
  ])('is not replaced by %s', async (_what, change) => {
    const question = await kept();
    await keepAnswer(question, yes, config);

    expect(await keepAnswer(question, { ...yes, ...change }, config)).toBe(false);
    expect(await now(question)).toMatchObject(yes);
  });

  test.each([
    [59, true],
    [60, false],
    [61, false],
  ])('%d minutes after a request of 60 minutes counts: %s', async (minutes, counts) => {
    const question = await kept();

    expect(await keepAnswer(question, { ...yes, answeredAt: at(minutes) }, config)).toBe(counts);
    expect((await now(question))?.status).toBe(counts ? 'DELIVERING' : 'OPEN');
  });

  test('to no request is kept nowhere', async () => {
    const question = asked();

    expect(await keepAnswer(question, yes, config)).toBe(false);
    expect(await now(question)).toBeUndefined();
  });

  test('that is delivered leaves no token behind', async () => {
    const question = await kept();
    await keepQuestion({ ...question, token: 'SECOND' }, config);
    await keepAnswer(question, yes, config);
    await noteDelivered(question, config);

    const { token, laterTokens, status } = (await now(question))!;
    expect({ token, laterTokens, status }).toEqual({ status: 'ANSWERED' });
  });

  test('that nobody gave is not delivered', async () => {
    const question = await kept();
    await noteDelivered(question, config);

    expect(await now(question)).toEqual(question);
  });
});

describe('the end of a request', () => {
  test.each([
    [59, false],
    [60, true],
    [61, true],
  ])('%d minutes after one of 60 minutes: %s', async (minutes, ends) => {
    const question = await kept();

    expect(await noteExpired(question, 'isolate', new Date(at(minutes)), config)).toBe(ends);
    expect((await now(question))?.status).toBe(ends ? 'EXPIRED' : 'OPEN');
  });

  test('leaves no token behind, and comes to an answer that was not delivered too', async () => {
    const question = await kept();
    await keepQuestion({ ...question, token: 'SECOND' }, config);
    await keepAnswer(question, yes, config);

    expect(await noteExpired(question, 'isolate', new Date(at(60)), config)).toBe(true);
    const { token, laterTokens, status } = (await now(question))!;
    expect({ token, laterTokens, status }).toEqual({ status: 'EXPIRED' });
  });

  test('comes once, and by its own execution', async () => {
    const question = await kept();
    const over = new Date(at(61));

    expect(await noteExpired({ ...question, executionId: 'another' }, 'isolate', over, config)).toBe(false);
    expect(await noteExpired(question, 'isolate', over, config)).toBe(true);
    expect(await noteExpired(question, 'isolate', over, config)).toBe(false);
  });

  test('does not come to one that was answered and delivered', async () => {
    const question = await kept();
    await keepAnswer(question, yes, config);
    await noteDelivered(question, config);

    expect(await noteExpired(question, 'isolate', new Date(at(61)), config)).toBe(false);
    expect((await now(question))?.status).toBe('ANSWERED');
  });
});
