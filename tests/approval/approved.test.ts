import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { goodForSeconds } from '../../functions/approval/approval';
import { assertApproved } from '../../functions/approval/approved';
import { table } from '../../functions/shared/clients/dynamodb';
import { questionOf, saidYes } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { startTable } from '../fixtures/table';

const answeredAt = new Date('2026-11-24T02:00:00.000Z');
const instanceId = 'i-0123456789abcdef0';
const target = { instanceId, networkInterfaceIds: ['eni-1'], volumes: 1, addresses: 0, swapProfile: false };
const change = { subject: 'isolate' as const, instanceId };
let stop: () => Promise<void>;
let count = 0;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());

const toolsAt = (secondsAfter: number) =>
  ({ clock: { now: () => new Date(answeredAt.getTime() + secondsAfter * 1000) }, config }) as never;

async function approved(answer: Record<string, unknown> = {}) {
  const incident = {
    incidentId: `inc-${count++}`,
    executionId: 'execution',
    playbook: 'isolate-instance' as const,
    mode: 'act' as const,
  };
  const Item = { ...questionOf(incident, 'isolate', target), ...saidYes(answeredAt), ...answer };
  await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
  return incident;
}
const usedBy = async ({ incidentId }: { incidentId: string }) => {
  const Key = { pk: `INCIDENT#${incidentId}`, sk: 'ENTRY#approval-used#isolate' };
  return (await table.send(new GetCommand({ TableName: config.TABLE_NAME, Key }))).Item;
};
const refused = (why: string) => ({
  name: 'NotApprovedError',
  message: `Nobody has approved this change (isolate): ${why}.`,
});

test('a change that was approved may be made, by the execution that asked, as often as it tries', async () => {
  const incident = await approved();

  for (const seconds of [5, 6]) await assertApproved(incident, change, toolsAt(seconds));
  expect(await usedBy(incident)).toMatchObject({
    at: new Date(answeredAt.getTime() + 5000).toISOString(),
    what: 'Acting on the approval q-0123456789ab (isolate).',
    before: { executionId: 'execution', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

test('a yes that is on its way counts', async () => {
  await expect(assertApproved(await approved({ status: 'DELIVERING' }), change, toolsAt(5))).resolves.toBeUndefined();
});

test.each<[string, Record<string, unknown>]>([
  ['there is no yes', { answer: 'no' }],
  ['there is no yes', { answer: undefined }],
  ['there is no yes', { status: 'OPEN' }],
  ['there is no yes', { status: 'EXPIRED' }],
  ['another execution requested it', { answeredAt: undefined }],
  ['another execution requested it', { hash: undefined }],
  ['another execution requested it', { executionId: 'another' }],
  ['another execution requested it', { playbook: 'block-traffic' }],
  ['the request has changed since', { hash: '0'.repeat(64) }],
  ['the request has changed since', { target: { ...target, volumes: 2 } }],
])('%s: %j', async (why, answer) => {
  const incident = await approved(answer);

  await expect(assertApproved(incident, change, toolsAt(5))).rejects.toMatchObject(refused(why));
  expect(await usedBy(incident)).toBeUndefined();
});

test('a request of an earlier release, which says not how many people it needs, takes one yes', async () => {
  const incident = await approved({ needed: undefined });

  await expect(assertApproved(incident, change, toolsAt(5))).resolves.toBeUndefined();
});

describe('a block of an address of AWS', () => {
  const cidr = '198.51.100.7/32';
  const target = { cidrs: [cidr], minutes: 60, awsRanges: [{ cidr, what: 'S3' }] };
  const blocking = { subject: 'block' as const, cidr, minutes: 60, isAws: true };
  const caller = (session: string) => ({ accountId: '123456789012', principalId: 'AROA1', arn: session, session });
  const said = (...people: string[]) =>
    people.map((one) => ({ answer: 'yes', at: answeredAt.toISOString(), caller: caller(one) }));
  const asked = async (answer: Record<string, unknown>) => {
    const incident = {
      incidentId: `inc-${count++}`,
      executionId: 'e',
      playbook: 'block-traffic',
      mode: 'act' as const,
    };
    const Item = { ...questionOf(incident, 'block', target), ...saidYes(answeredAt), ...answer };
    await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));
    return incident;
  };

  test.each<[string, Record<string, unknown>]>([
    ['it takes the yes of two people', { needed: 1, answers: said('alice') }],
    ['it takes the yes of two people', { needed: undefined }],
    ['too few people have said yes', { needed: 2, answers: said('alice') }],
    ['too few people have said yes', { needed: 2, answers: said('alice', 'Alice') }],
  ])('%s: %j', async (why, answer) => {
    await expect(assertApproved(await asked(answer), blocking, toolsAt(5))).rejects.toMatchObject({
      name: 'NotApprovedError',
      message: `Nobody has approved this change (block): ${why}.`,
    });
  });

  test('may be made once two people have said yes', async () => {
    const incident = await asked({ needed: 2, answers: said('alice', 'bob') });

    await expect(assertApproved(incident, blocking, toolsAt(5))).resolves.toBeUndefined();
  });
});

test('a change that nobody asked for is refused', async () => {
  const incident = await approved();

  await expect(assertApproved({ ...incident, incidentId: 'inc-none' }, change, toolsAt(5))).rejects.toMatchObject(
    refused('approval was not requested'),
  );
});

test('an approval is for what it names', async () => {
  const incident = await approved();

  await expect(assertApproved(incident, { ...change, instanceId: 'i-other' }, toolsAt(5))).rejects.toMatchObject(
    refused('the approval is for something else'),
  );
});

test('an approval is good for as long as the slowest machine runs, and no second longer', async () => {
  const incident = await approved();

  await assertApproved(incident, change, toolsAt(goodForSeconds));
  await expect(assertApproved(incident, change, toolsAt(goodForSeconds + 1))).rejects.toMatchObject(
    refused(`the approval of ${answeredAt.toISOString()} has expired`),
  );
});

test.each([
  ['by another execution', { executionId: 'another' }],
  ['for another plan', { hash: '0'.repeat(64) }],
])('an approval that was used %s is used up', async (_what, used) => {
  const incident = await approved();
  await assertApproved(incident, change, toolsAt(5));
  const Item = { ...(await usedBy(incident)) };
  Item.before = { ...(Item.before as object), ...used };
  await table.send(new PutCommand({ TableName: config.TABLE_NAME, Item }));

  await expect(assertApproved(incident, change, toolsAt(6))).rejects.toMatchObject(
    refused('the approval has already been used'),
  );
});
