import type { NetworkInterface, Tag } from '@aws-sdk/client-ec2';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { openRecordOf, questionOf, saidYes } from '../fixtures/approved';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

/** Steps that a caller hands whatever he likes, with a record that is real: what counts is the record. */
const own = 'i-0123456789abcdef0';
const other = 'i-0fedcba9876543210';
const incidentId = `inc-${'a'.repeat(20)}`;
const openGroup = 'sg-0aaaaaaaaaaaaaaaa';
const closedGroup = 'sg-0bbbbbbbbbbbbbbbb';
const eni = 'eni-0123456789abcdef0';
const roleProfile = 'arn:aws:iam::123456789012:instance-profile/web';
const interfaceKey = `ENTRY#changed#interface#${eni}`;

const groupTags = (side: string, by = incidentId): Tag[] => [
  { Key: 'incident-playbooks:quarantine-group', Value: side },
  { Key: 'incident-playbooks:incident', Value: by },
];
const optedIn: Tag[] = [{ Key: 'incident-playbooks:enabled', Value: 'true' }];

/** What EC2 shows; `changed` are the groups that somebody set. */
interface World {
  attachedTo: string;
  groups: string[];
  tagsOfInterface: Tag[];
  tagsOfGroups: Record<string, Tag[]>;
  changed: string[][];
}
let world: World;
let rolesWritten: unknown[];
let stop: () => Promise<void>;
let put: (item: Record<string, unknown>) => Promise<unknown>;

beforeAll(async () => {
  ({ stop } = await startTable('incidents'));
  const { table } = await import('../../functions/shared/clients/dynamodb');
  put = (Item) => table.send(new PutCommand({ TableName: 'incidents', Item }));
  const { ec2 } = await import('../../functions/shared/clients/ec2');
  jest.spyOn(ec2, 'send').mockImplementation(async (command) => answerOf(command) as never);
  const { iam } = await import('../../functions/shared/clients/iam');
  jest.spyOn(iam, 'send').mockImplementation(async (command) => {
    if (command.constructor.name === 'GetInstanceProfileCommand')
      return { InstanceProfile: { Roles: [{ RoleName: 'web' }] } } as never;
    rolesWritten.push(command.input);
    return {} as never;
  });
});
afterAll(async () => {
  const { dynamoDb } = await import('../../functions/shared/clients/dynamodb');
  dynamoDb.destroy();
  await stop();
});

beforeEach(async () => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  rolesWritten = [];
  const tagsOfGroups = { [openGroup]: groupTags('open'), [closedGroup]: groupTags('closed') };
  world = { attachedTo: own, groups: ['sg-0own'], tagsOfInterface: [], tagsOfGroups, changed: [] };
  await put({ pk: `INSTANCE#${own}`, sk: 'GUARD', holder: incidentId, token: 1, leaseUntil: '9999-01-01T00:00:00Z' });
  await put(openRecordOf(leased()));
  const isolation = { instanceId: own, networkInterfaceIds: [eni], volumes: 1, addresses: 0, swapProfile: true };
  await put({ ...questionOf(leased(), 'isolate', isolation), ...saidYes() });
  await put({
    ...questionOf(leased(), 'revoke-sessions', { instanceId: own, profileArn: roleProfile }),
    ...saidYes(),
  });
  await forget(interfaceKey);
  await forget('ENTRY#changed#profile');
});

/** Leaves an entry of the incident that no step can read. */
const forget = (sk: string) => put({ pk: `INCIDENT#${incidentId}`, sk });
const saved = (sk: string, before: Record<string, unknown>) =>
  put({ pk: `INCIDENT#${incidentId}`, sk, key: sk.slice(6), at: '2026-11-24T02:00:00Z', what: 'saved', before });
const saveOwnGroups = () => saved(interfaceKey, { networkInterfaceId: eni, vpcId: 'vpc-1', groupIds: ['sg-0own'] });

function answerOf(command: { constructor: { name: string }; input: unknown }): unknown {
  const { input } = command;
  switch (command.constructor.name) {
    case 'DescribeInstancesCommand':
      return { Reservations: [{ Instances: [{ InstanceId: own, State: { Name: 'running' }, Tags: optedIn }] }] };
    case 'DescribeNetworkInterfacesCommand':
      return { NetworkInterfaces: [describedInterface()] };
    case 'DescribeSecurityGroupsCommand':
      return {
        SecurityGroups: (input as { GroupIds: string[] }).GroupIds.map((GroupId) => ({
          GroupId,
          Tags: world.tagsOfGroups[GroupId] ?? [],
        })),
      };
    case 'ModifyNetworkInterfaceAttributeCommand':
      world.groups = (input as { Groups: string[] }).Groups;
      world.changed.push(world.groups);
      return {};
    default:
      throw new Error(`${command.constructor.name} was not expected`);
  }
}

const describedInterface = (): NetworkInterface => ({
  NetworkInterfaceId: eni,
  VpcId: 'vpc-1',
  Groups: world.groups.map((GroupId) => ({ GroupId })),
  Attachment: { InstanceId: world.attachedTo },
  TagSet: world.tagsOfInterface,
});

const leased = (change: Record<string, unknown> = {}) => ({
  schemaVersion: 1,
  incidentId,
  executionId: 'execution',
  playbook: 'isolate-instance',
  trigger: 'manual',
  drill: false,
  mode: 'act' as const,
  openedAt: '2026-11-24T02:00:00Z',
  instanceId: own,
  lease: { token: 1 },
  ...change,
});

async function quarantine(phase: 'untrack' | 'cut' | 'put-back'): Promise<unknown> {
  const { handler } = await import('../../functions/containment/quarantine-interface');
  const pairs = [{ vpcId: 'vpc-1', openGroupId: openGroup, closedGroupId: closedGroup }];
  const incident = leased({ quarantine: { pairs } });
  return handler({ incident, networkInterfaceId: eni, phase } as never, lambdaContext);
}

describe('quarantine-interface', () => {
  test.each(['untrack', 'cut'] as const)('leaves an interface of another instance alone: %s', async (phase) => {
    Object.assign(world, { attachedTo: other, groups: [openGroup] });
    await saveOwnGroups();

    await expect(quarantine(phase)).rejects.toMatchObject({ name: 'NotItsInterfaceError' });
    expect(world.changed).toEqual([]);
  });

  test.each<[string, Record<string, Tag[]>]>([
    ['without tags', {}],
    ['of another incident', { [openGroup]: groupTags('open', 'inc-other'), [closedGroup]: groupTags('closed') }],
    ['that changed places', { [openGroup]: groupTags('closed'), [closedGroup]: groupTags('open') }],
  ])('does not take groups %s for its own', async (_what, tagsOfGroups) => {
    Object.assign(world, { groups: [openGroup], tagsOfGroups });
    await saveOwnGroups();

    await expect(quarantine('cut')).rejects.toMatchObject({ name: 'NotItsGroupsError' });
    expect(world.changed).toEqual([]);
  });

  test('does not believe that it opened an interface which its record knows nothing of', async () => {
    world.groups = [openGroup];

    await expect(quarantine('cut')).rejects.toMatchObject({ name: 'NotItsInterfaceError' });
    expect(world.changed).toEqual([]);
  });

  test('opens nothing while the stage observes', async () => {
    setEnvironment({ MODE: 'observe' });

    await expect(quarantine('untrack')).rejects.toMatchObject({ name: 'ModeIsObserveError' });
    expect(world.changed).toEqual([]);
  });

  test('does not open an interface that its owner protects', async () => {
    world.tagsOfInterface = [{ Key: 'incident-playbooks:protected', Value: 'true' }];

    await expect(quarantine('untrack')).rejects.toMatchObject({ name: 'ProtectedInstanceError' });
    expect(world.changed).toEqual([]);
  });

  test('closes what it opened whatever the guard says by now', async () => {
    await saveOwnGroups();
    setEnvironment({ MODE: 'observe' });
    world.groups = [openGroup];

    await quarantine('cut');

    expect(world.changed).toEqual([[closedGroup]]);
  });

  test('puts what it opened back to its own groups, wherever it is attached by now', async () => {
    await saveOwnGroups();
    Object.assign(world, { attachedTo: other, groups: [openGroup] });

    await quarantine('put-back');

    expect(world.changed).toEqual([['sg-0own']]);
  });
});

describe('revoke-sessions', () => {
  const revoke = async () => {
    const { handler } = await import('../../functions/containment/revoke-sessions');
    const incident = leased({ environment: { profile: { associationId: 'iip-assoc-1', arn: roleProfile } } });
    return handler({ incident } as never, lambdaContext);
  };

  test('writes on the role of the profile that the incident took off its instance', async () => {
    await saved('ENTRY#changed#profile', { associationId: 'iip-assoc-1', arn: roleProfile });

    await revoke();

    expect(rolesWritten).toEqual([expect.objectContaining({ RoleName: 'web' })]);
  });

  test('writes on no other role, whichever profile it is handed', async () => {
    await saved('ENTRY#changed#profile', { associationId: 'iip-assoc-1', arn: `${roleProfile}-of-somebody` });

    await expect(revoke()).rejects.toMatchObject({ name: 'NotItsProfileError' });
    expect(rolesWritten).toEqual([]);
  });
});

describe('a release', () => {
  const isolatedBy = `inc-${'b'.repeat(20)}`;
  const steps = {
    'restore-network': { kind: 'interface', id: eni },
    'restore-instance': { kind: 'profile', id: '' },
    'restore-sessions': { kind: 'sessions', id: '' },
  } as const;

  test.each(Object.entries(steps))(
    'puts nothing back of an isolation of another instance: %s',
    async (step, change) => {
      const record = { playbook: 'isolate-instance', status: 'CLOSED', instanceId: other };
      await put({ pk: `INCIDENT#${isolatedBy}`, sk: 'RECORD', ...record });
      const { handler } = await import(`../../functions/containment/${step}`);
      const incident = leased({ isolatedBy });
      await put(openRecordOf(incident));

      await expect(handler({ incident, change }, lambdaContext)).rejects.toMatchObject({
        name: 'NotItsIsolationError',
      });
      expect([...world.changed, ...rolesWritten]).toEqual([]);
    },
  );
});
