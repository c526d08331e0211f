import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { handler as answerSigned } from '../../functions/approval/answer-approval';
import { handler as answerFromChat } from '../../functions/approval/answer-from-chat';
import { handler as showIncident } from '../../functions/notice/show-incident';
import { table } from '../../functions/shared/clients/dynamodb';
import { stepFunctions } from '../../functions/shared/clients/step-functions';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';
import { answerEvent } from '../fixtures/url';

const id = `inc-${'f'.repeat(20)}`;
const questionId = 'q-aaaaaaaaaaaa';
const key = { pk: `APPROVAL#${id}`, sk: 'APPROVAL#block' };
const delivered: Record<string, unknown>[] = [];
let stop: () => Promise<void>;

const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: 'incidents', Item }));
const asked = async () => (await table.send(new GetCommand({ TableName: 'incidents', Key: key }))).Item!;
const ask = (change: Record<string, unknown> = {}) =>
  put({
    ...{ ...key, incidentId: id, subject: 'block', questionId, playbook: 'block-traffic', mode: 'act' },
    ...{ what: 'Block 198.51.100.7/32.', token: 'T', askedAt: new Date().toISOString(), status: 'OPEN', needed: 1 },
    answerBy: new Date(Date.now() + 3_600_000).toISOString(),
    ...change,
  });
const press = async (answer: 'yes' | 'no', change: Record<string, unknown> = {}) =>
  (await answerFromChat({ id, question: questionId, answer, ...change }, lambdaContext)).result;

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  jest.spyOn(stepFunctions, 'send').mockImplementation((async ({ input }: { input: { output: string } }) => {
    delivered.push(JSON.parse(input.output));
    return {};
  }) as never);
});
afterAll(() => stop());
beforeEach(async () => {
  setEnvironment({ CHAT_ANSWERS: 'block-traffic', REQUESTER_MAY_APPROVE: 'no' });
  delivered.length = 0;
  await put({
    ...{ pk: `INCIDENT#${id}`, sk: 'RECORD', recordVersion: 3, incidentId: id, status: 'OPEN' },
    ...{ playbook: 'block-traffic', openedAt: '2026-03-02T09:00:00.000Z', instanceId: 'i-0123456789abcdef0' },
    executionId: 'arn:aws:states:us-east-1:123456789012:execution:m:e',
  });
  await ask();
});

test('a yes reaches the playbook once, and is recorded as of someone in the channel, whom nobody has verified', async () => {
  expect(await press('yes')).toMatch(/^Answered yes \(block\) to inc-f+\. .* nobody verified\.$/);
  const answeredBy = 'someone in the chat channel of stage test (not verified)';

  expect(delivered).toMatchObject([{ verdict: 'APPROVED', answeredBy }]);
  expect(await asked()).toMatchObject({
    ...{ status: 'ANSWERED', answer: 'yes', answeredBy },
    answers: [{ answer: 'yes', caller: { principalId: 'chat', arn: answeredBy } }],
  });
  expect(await press('yes')).toMatch(/^Not answered\. .* has already answered yes\.$/);
  expect(delivered).toHaveLength(1);
});

test('a no from chat counts as every other no', async () => {
  await press('no');

  expect(delivered).toMatchObject([{ verdict: 'DENIED' }]);
});

test.each<[string, Record<string, unknown>, Record<string, string>, RegExp]>([
  ['a playbook that the stage does not name', {}, { CHAT_ANSWERS: 'patch-instance' }, /no answers from chat for block/],
  ['any playbook, unless one is named', {}, { CHAT_ANSWERS: '' }, /no answers from chat for block-traffic/],
  ['an isolation, while only others are named', { playbook: 'isolate-instance' }, {}, /no answers .* isolate-instance/],
  ['two people, of whom chat shows none', { needed: 2 }, {}, /a yes of 2 different people/],
  ['another person than who started it', { requestedBy: 'kim' }, {}, /kim started this playbook/],
  ['an answer in time', { answerBy: '2026-03-02T09:00:00.000Z' }, {}, /The deadline was/],
  ['an open request', { status: 'EXPIRED' }, {}, /The deadline was/],
])('a yes from chat is refused for %s', async (_what, change, environment, why) => {
  await ask(change);
  setEnvironment({ CHAT_ANSWERS: 'block-traffic', ...environment });

  expect(await press('yes')).toMatch(why);
  expect(delivered).toEqual([]);
  expect((await asked()).answers).toBeUndefined();
});

test('the same button pressed twice is not two people, and a person with a signed yes is still needed', async () => {
  await ask({ needed: 2 });
  for (const _time of [1, 2])
    expect(await press('yes')).toMatch(/^Not answered\. Not taken from chat: it takes a yes of 2/);
  const signed = (by: string) =>
    answerSigned(answerEvent({ incidentId: id, questionId, answer: 'yes' }, by), lambdaContext);

  expect(JSON.parse((await signed('kim')).body)).toMatchObject({ missing: 1 });
  expect(await press('yes')).toMatch(/^Not answered/);
  expect(delivered).toEqual([]);
  await signed('bo');
  expect(delivered).toMatchObject([{ verdict: 'APPROVED' }]);
});

test.each([
  ['without the ID of the request', { question: undefined }],
  ['with another one', { question: 'q-bbbbbbbbbbbb' }],
  ['of an incident that is no ID', { id: 'inc-1' }],
  ['that is neither yes nor no', { answer: 'maybe' }],
])('an answer %s is refused', async (_what, change) => {
  expect(await press('yes', change)).toMatch(/^Not answered\. /);
  expect(delivered).toEqual([]);
});

test('an incident that is over takes no answer', async () => {
  await put({ pk: `INCIDENT#${id}`, sk: 'RECORD', status: 'CLOSED' });

  expect(await press('yes')).toMatch(/The incident has ended/);
});

describe('Show incident', () => {
  const show = () => showIncident({ id }, lambdaContext);

  test('says how it stands and how it went, in as much as chat shows', async () => {
    const what = `\u001b[2J${'x'.repeat(5_000)}`;
    for (let i = 10; i < 30; i++)
      await put({ pk: `INCIDENT#${id}`, sk: `ENTRY#e${i}`, key: `e${i}`, at: `2026-03-02T09:00:${i}.000Z`, what });
    const shown = await show();

    expect(shown).toMatchObject({ incident: id, result: 'OPEN: it is not over yet.' });
    expect(shown.timeline).toHaveLength(8);
    expect(JSON.stringify(shown).length).toBeLessThan(3_000);
    expect(JSON.stringify(shown)).not.toMatch(/\\u001b|token/);
  });

  test('of a red one says what to do, with the command', async () => {
    const end = { status: 'CLOSED', outcome: 'ESCALATED', code: 'stop-hangs', reason: 'The stop hangs.' };
    const executionId = 'arn:aws:states:us-east-1:123456789012:execution:m:e';
    const about = { playbook: 'restart-instance', openedAt: '2026-03-02T09:00:00.000Z', executionId };
    await put({ pk: `INCIDENT#${id}`, sk: 'RECORD', instanceId: 'i-0123456789abcdef0', ...about, ...end });

    expect(await show()).toMatchObject({
      result: 'ESCALATED: The stop hangs.',
      doThis: expect.stringContaining('aws ec2 stop-instances --force --instance-ids i-0123456789abcdef0'),
    });
  });

  test('of one that there is not says so', async () => {
    const none = `inc-${'0'.repeat(20)}`;

    expect(await showIncident({ id: none }, lambdaContext)).toMatchObject({
      result: `There is no incident ${none} in stage test.`,
    });
  });
});

test('of several requests of an incident, the one that the button names decides what it takes', async () => {
  await ask({ needed: 2, askedAt: '2026-03-02T09:00:00.000Z' });
  const other = { ...(await asked()), sk: 'APPROVAL#isolate', subject: 'isolate', questionId: 'q-bbbbbbbbbbbb' };
  await put({ ...other, needed: 1, askedAt: new Date().toISOString() });

  expect(await press('yes')).toMatch(/a yes of 2 different people/);
  expect(delivered).toEqual([]);
});
