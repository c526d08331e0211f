import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '../../functions/containment/environment';
import { handler } from '../../functions/containment/plan-isolation';
import { quarantineTag } from '../../functions/guard/tags';
import { table } from '../../functions/shared/clients/dynamodb';
import { openRecordOf } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { instanceId, leasedIncident, putItem, readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const optedIn = { [config.OPT_IN_TAG]: 'true' };
const withTags = (tags: Record<string, string>): Environment => ({
  instance: {
    ...{ instanceId, state: 'running', rootDeviceType: 'ebs', instanceType: 't3.medium', tags },
    ...{ isSpot: false, volumeIds: ['vol-1'], hasElasticIp: false, hibernation: false },
  },
  interfaces: [{ networkInterfaceId: 'eni-1', vpcId: 'vpc-1', groupIds: ['sg-1'] }],
  volumes: [{ volumeId: 'vol-1', deviceName: '/dev/xvda', deleteOnTermination: true }],
  addresses: [],
});
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(async () => {
  setEnvironment({ ELASTIC_IPS: 'keep', REVOKE_SESSIONS: 'never', SNAPSHOT_LOCK: 'governance', STORM_LIMIT: '1' });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await table.send(new DeleteCommand({ TableName: config.TABLE_NAME, Key: { pk: 'ISOLATIONS', sk: instanceId } }));
  await table.send(new DeleteCommand({ TableName: config.TABLE_NAME, Key: { pk: 'ISOLATIONS', sk: 'i-other' } }));
});
afterEach(() => {
  delete process.env.SNAPSHOT_LOCK;
});

const asked = (trigger: string) => leasedIncident('isolate-instance', { trigger });
const plan = (incident: object, environment = withTags(optedIn)) =>
  handler({ incident: { ...incident, environment } } as never, lambdaContext) as Promise<Record<string, unknown>>;
const planOf = ({ incidentId }: { incidentId: string }) => readItemOf(`INCIDENT#${incidentId}`, 'ENTRY#plan');

test('the plan is what people are asked to approve, and it is in the timeline', async () => {
  const incident = await asked('manual');
  const what =
    'Isolate i-0123456789abcdef0: snapshot 1 volume, lock the snapshots in governance mode for 400 days, turn termination protection on, take it out of service, cut off all traffic of 1 network interface (eni-1) and of any attached later. A release restores everything and leaves the snapshots as they are.';

  expect(await plan(incident)).toMatchObject({ verdict: 'ELIGIBLE', what, vpcIds: ['vpc-1'], swapProfile: false });
  expect(await planOf(incident)).toMatchObject({ what });
});

/** The record of an isolation that has tagged the instance. */
async function isolation(change: Record<string, unknown>) {
  const { incidentId, ...other } = await leasedIncident('isolate-instance');
  await putItem(openRecordOf({ incidentId, ...other }, change));
  const key = 'changed#tag';
  await putItem({ pk: `EVIDENCE#${incidentId}`, sk: `ENTRY#${key}`, key, at: other.openedAt, what: key, before: {} });
  return incidentId;
}

test.each<[string, string, string, Record<string, unknown>]>([
  ['isolated already', 'SKIPPED', 'already-isolated', { status: 'CLOSED', outcome: 'CONTAINED' }],
  ['being isolated', 'SKIPPED', 'joined', { status: 'OPEN' }],
  ['isolated in part, which a person has to complete', 'ESCALATED', 'isolated-in-part', { status: 'CLOSED' }],
])('an instance that is %s is refused: %s, %s', async (_what, outcome, code, record) => {
  const incident = await asked('manual');
  const by = await isolation(record);

  const found = await plan(incident, withTags({ ...optedIn, [quarantineTag]: by }));
  expect(found).toMatchObject({ verdict: 'REFUSED', conclusion: { outcome, code } });
  expect(found).not.toHaveProperty('refusal');
  expect(await planOf(incident)).toBeUndefined();
});

test('an instance that is not opted in is refused, and does not count as one that people were asked about', async () => {
  expect(await plan(await asked('finding'), withTags({}))).toMatchObject({
    verdict: 'REFUSED',
    conclusion: { outcome: 'SKIPPED', code: 'not-opted-in' },
  });
  expect(await readItemOf('ISOLATIONS', instanceId)).toBeUndefined();
});

describe('while people have been asked about as many instances as they can decide on', () => {
  beforeEach(() => putItem({ pk: 'ISOLATIONS', sk: 'i-other', at: new Date().toISOString() }));

  test('a finding about another one calls a person', async () => {
    const incident = await asked('finding');

    expect(await plan(incident)).toMatchObject({
      verdict: 'REFUSED',
      what: expect.stringContaining('Isolate i-0123456789abcdef0'),
      conclusion: { outcome: 'ESCALATED', code: 'too-many-isolations' },
    });
    expect(await planOf(incident)).toBeUndefined();
  });

  test('a person’s own request is asked about, and does not count', async () => {
    expect(await plan(await asked('manual'))).toMatchObject({ verdict: 'ELIGIBLE' });
    expect(await readItemOf('ISOLATIONS', instanceId)).toBeUndefined();
  });
});

test('a finding is asked about and counted, but only if the record says that it is its turn', async () => {
  const incident = await asked('finding');
  await putItem(openRecordOf(incident, { status: 'CLOSED' }));
  await expect(plan(incident)).rejects.toMatchObject({ name: 'OutOfTurnError' });
  expect(await readItemOf('ISOLATIONS', instanceId)).toBeUndefined();

  await putItem(openRecordOf(incident));
  expect(await plan(incident)).toMatchObject({ verdict: 'ELIGIBLE' });
  expect(await readItemOf('ISOLATIONS', instanceId)).toBeDefined();
});
