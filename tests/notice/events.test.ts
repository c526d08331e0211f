import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { SimulatedCloud } from '../../drill/cloud';
import { seededRandom } from '../../drill/stack/ids';
import { handler } from '../../functions/notice/resend-notices';
import { sendEvents } from '../../functions/notice/send-events';
import { eventSchemas } from '../../functions/record/event-schema';
import { askedEvent, closedEvent, openedEvent } from '../../functions/record/events';
import type { NewIncident } from '../../functions/record/incident';
import { eventDue, queueEvent } from '../../functions/record/queue-event';
import { closeRecord, openRecord } from '../../functions/record/store';
import { table } from '../../functions/shared/clients/dynamodb';
import { eventBridge } from '../../functions/shared/clients/event-bridge';
import { sns } from '../../functions/shared/clients/sns';
import { config } from '../fixtures/config';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const now = new Date('2026-03-02T09:00:00.000Z');
const incident = (id: string, change: Partial<NewIncident> = {}): NewIncident => ({
  incidentId: `inc-${id.padStart(20, '0')}`,
  executionId: `arn:aws:states:us-east-1:123456789012:execution:m:${id}`,
  playbook: 'restart-instance',
  trigger: 'manual',
  drill: false,
  mode: 'act',
  openedAt: now.toISOString(),
  ...change,
});
const recovered = { outcome: 'RESOLVED', code: 'recovered', reason: 'The alarm is OK.' } as const;

let stop: () => Promise<void>;
let cloud: SimulatedCloud;

beforeAll(async () => {
  setEnvironment({ EVENT_BUS: 'default', AWS_MAX_ATTEMPTS: '1' });
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  const place = { account: '123456789012', region: 'us-east-1' };
  cloud = new SimulatedCloud({ ...place, random: seededRandom(1), emit: () => {}, latencyMs: () => 0 });
  cloud.attach(eventBridge);
  cloud.attach(sns);
  cloud.sns.createTopic('notices');
});
afterEach(() => cloud.stop());

const told = () => cloud.eventBridge.taken.map(({ detailType, detail }) => [detailType, detail.incidentId]);
async function due(): Promise<{ pk: string; sk: string }[]> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: config.TABLE_NAME,
      IndexName: 'by-notice',
      KeyConditionExpression: 'noticeState = :due',
      ExpressionAttributeValues: { ':due': eventDue },
    }),
  );
  return Items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
}
/** Sends everything that other tests have left. */
const drain = async () => expect(await sendEvents(await due(), now, config)).toEqual([]);

test('opening and closing an incident are told once each, in this order, however often a step is repeated', async () => {
  await drain();
  const one = incident('a1');
  for (let attempt = 0; attempt < 2; attempt++) await openRecord(one, now, config);
  for (let attempt = 0; attempt < 2; attempt++) await closeRecord(one, recovered, {}, now, config);
  cloud.eventBridge.taken.length = 0;

  const waiting = await due();
  expect(waiting.map(({ sk }) => sk).sort()).toEqual(['EVENT#incident.closed', 'EVENT#incident.opened']);
  expect(await handler({}, lambdaContext)).toMatchObject({ events: 2 });
  expect(await handler({}, lambdaContext)).toMatchObject({ events: 0 });

  expect(told().sort()).toEqual([
    ['incident.closed', one.incidentId],
    ['incident.opened', one.incidentId],
  ]);
  expect(cloud.eventBridge.taken.every(({ source }) => source === 'incident-playbooks')).toBe(true);
});

test('a second delivery of the same alarm transition tells nothing', async () => {
  await drain();
  const one = incident('a2');
  await openRecord(one, now, config);
  await openRecord({ ...one, executionId: `${one.executionId}-other` }, now, config);

  expect(await due()).toHaveLength(1);
});

test('of a call that EventBridge takes in part, the others stay due, are told in the error, and are sent by the next run', async () => {
  await drain();
  for (const id of ['b1', 'b2', 'b3']) await openRecord(incident(id), now, config);
  cloud.eventBridge.failingEntries = 2;
  cloud.eventBridge.taken.length = 0;

  await expect(handler({}, lambdaContext)).rejects.toMatchObject({
    name: 'NoticesStillDueError',
    message: '2 of 3 events could not be sent.',
  });
  expect(told()).toHaveLength(1);
  expect(await due()).toHaveLength(2);

  expect(await handler({}, lambdaContext)).toMatchObject({ events: 2 });
  expect(new Set(told().map(([, id]) => id))).toEqual(new Set(['b1', 'b2', 'b3'].map((id) => incident(id).incidentId)));
});

test('an EventBridge that does not answer keeps no notice and no incident waiting', async () => {
  await drain();
  const detach = jest.spyOn(eventBridge, 'send').mockRejectedValue(new Error('no answer') as never);
  const one = incident('c1');
  await openRecord(one, now, config);
  expect(await closeRecord(one, recovered, {}, now, config)).toMatchObject({ outcome: 'RESOLVED' });
  const refused = await sendEvents(await due(), now, config);
  detach.mockRestore();

  expect(refused).toHaveLength(1);
  expect(await due()).toHaveLength(2);
});

test('more events than one call takes go in several', async () => {
  await drain();
  for (let i = 0; i < 12; i++) await openRecord(incident(`d${i.toString(16)}`), now, config);
  cloud.eventBridge.taken.length = 0;

  expect(await handler({}, lambdaContext)).toMatchObject({ events: 12 });
  expect(told()).toHaveLength(12);
});

test('an item that is no event of ours stops no other, and stays due', async () => {
  await drain();
  const forged = { ...openedEvent(incident('e1'), config), type: 'incident.opened' as const };
  const detail = { ...forged.detail, taskToken: 'secret' } as never;
  await queueEvent({ type: 'incident.opened', detail }, now, 2_000_000_000, config);
  await openRecord(incident('e2'), now, config);

  const refused = await sendEvents(await due(), now, config);

  expect(refused).toMatchObject([{ name: 'InvalidInputError', message: expect.stringContaining('event.detail') }]);
  expect(JSON.stringify(cloud.eventBridge.taken)).not.toContain('secret');
});

describe('whatever comes from outside, an event', () => {
  const hostile = `\u001b[2J\n${'é"\\'.repeat(5_000)}`;
  const alarm = {
    alarmName: hostile,
    alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:a',
    reason: hostile,
    token: 'secret',
  };
  const about = incident('f1', {
    instanceId: 'i-0123456789abcdef0',
    alarm: alarm as never,
    request: { reason: hostile, requestedBy: 'secret' },
  });
  const question = {
    ...{ questionId: 'q-0123456789ab', subject: 'block' as const, what: hostile, needed: 1 },
    ...{ askedAt: now.toISOString(), answerBy: now.toISOString(), token: 'secret', hash: 'secret' },
  };
  const end = { ...recovered, reason: hostile, closedAt: now.toISOString() };

  test.each([openedEvent(about, config), closedEvent(about, end, config), askedEvent(about, question, config)])(
    '$type fits its schema, is small, and holds no secret',
    ({ type, detail }) => {
      expect(eventSchemas[type].safeParse(detail).error).toBeUndefined();
      expect(Buffer.byteLength(JSON.stringify(detail))).toBeLessThan(16_384);
      expect(JSON.stringify(detail)).not.toMatch(/secret|token/i);
    },
  );
});
