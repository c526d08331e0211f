import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const instanceId = 'i-0123456789abcdef0';
const other = `inc-${'c'.repeat(20)}`;
let stop: () => Promise<void>;
let put: (item: Record<string, unknown>) => Promise<unknown>;

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  const { table } = await import('../../functions/shared/clients/dynamodb');
  put = (Item) => table.send(new PutCommand({ TableName: 'incidents', Item }));
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});
beforeEach(async () => {
  setEnvironment();
  await put({ pk: `INCIDENT#${incident.incidentId}`, sk: 'RECORD', ...incident, status: 'OPEN' });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

const guard = (item: Record<string, unknown>) => put({ pk: `INSTANCE#${instanceId}`, sk: 'GUARD', ...item });

const incident = {
  schemaVersion: 1,
  incidentId: `inc-${'d'.repeat(20)}`,
  executionId: 'execution',
  playbook: 'restart-instance',
  trigger: 'manual',
  drill: false,
  mode: 'act',
  openedAt: '2026-11-24T02:00:00Z',
  instanceId,
};

async function hold(more: { cooldown?: boolean }): Promise<unknown> {
  const { handler } = await import('../../functions/containment/hold-instance');
  return handler({ incident, ...more } as never, lambdaContext);
}

test.each([
  [true, 'joined', `Incident ${other} is already working on the instance; this one joined it.`],
  [false, 'held', `Incident ${other} is already working on the instance. Wait for it to end, then start again.`],
])('with the cooldown (%s), an instance that another incident holds ends as %s', async (cooldown, code, reason) => {
  await guard({ holder: other, leaseUntil: '9999-01-01T00:00:00Z', token: 1 });

  expect(await hold({ cooldown })).toEqual({ verdict: 'JOINED', conclusion: { outcome: 'SKIPPED', code, reason } });
});

test('an action of a moment ago holds back automation that acts by itself, and no person', async () => {
  await guard({ lastActionAt: new Date().toISOString(), lastRung: 2, lastIncident: other, token: 1 });

  expect(await hold({ cooldown: true })).toMatchObject({ verdict: 'COOLDOWN', conclusion: { code: 'cooldown' } });
  expect(await hold({})).toMatchObject({ verdict: 'TAKEN', token: 2 });
});
