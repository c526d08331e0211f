import { handler as planRelease } from '../../functions/containment/plan-release';
import { handler as readRelease } from '../../functions/containment/read-release';
import { handler as restoreInstance } from '../../functions/containment/restore-instance';
import { handler as restoreNetwork } from '../../functions/containment/restore-network';
import { handler as restoreSessions } from '../../functions/containment/restore-sessions';
import { quarantineTag } from '../../functions/guard/tags';
import { autoScaling } from '../../functions/shared/clients/auto-scaling';
import { ec2 } from '../../functions/shared/clients/ec2';
import { iam } from '../../functions/shared/clients/iam';
import { type Answers, awsError } from '../fixtures/answering';
import { questionOf, saidYes } from '../fixtures/approved';
import { config } from '../fixtures/config';
import { answeringInstance, instanceId, leasedIncident, putItem, readItemOf } from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

// What EC2 shows late is read again at once, and not seconds later.
jest.mock('../../functions/shared/clock', () => ({
  ...jest.requireActual('../../functions/shared/clock'),
  pause: async () => {},
}));

const profileArn = 'arn:aws:iam::123456789012:instance-profile/web';
const quarantineArn = 'arn:aws:iam::123456789012:instance-profile/quarantine';
const at = '2026-11-24T02:00:00.000Z';
let stop: () => Promise<void>;
let asked: [string, unknown][];
let answers: Answers;
let instance: Record<string, unknown>;
let count = 0;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment({ QUARANTINE_PROFILE_ARN: quarantineArn, RELEASE_APPROVAL: 'ask', INSTANCE_ROLES: 'web-*' });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  instance = { State: { Name: 'running' }, Tags: [{ Key: config.OPT_IN_TAG, Value: 'true' }] };
  answers = {};
  asked = answeringInstance([ec2, autoScaling, iam], () => ({ instance, answers }));
});
const changes = () => asked.filter(([name]) => !/^(Describe|Get)/.test(name));

/** A closed isolation with what it saved. */
async function isolation(saved: Record<string, object> = {}, record: Record<string, unknown> = {}) {
  const isolatedBy = `inc-${String(count++).padStart(20, 'b')}`;
  const of = { playbook: 'isolate-instance', instanceId, status: 'CLOSED', outcome: 'CONTAINED' };
  await putItem({ pk: `INCIDENT#${isolatedBy}`, sk: 'RECORD', incidentId: isolatedBy, ...of, ...record });
  const keys = Object.keys(saved).map((key) => `changed#${key}`);
  const entries = Object.entries(saved).map(([key, before]) => ({ key: `changed#${key}`, before }));
  for (const entry of [...entries, { key: 'manifest', before: { changes: keys } }])
    await putItem({ pk: `EVIDENCE#${isolatedBy}`, sk: `ENTRY#${entry.key}`, at, what: entry.key, ...entry });
  return isolatedBy;
}

/** A release of it that a person has approved. */
async function release(saved: Record<string, object>, record: Record<string, unknown> = {}) {
  const isolatedBy = await isolation(saved, record);
  const incident = { ...(await leasedIncident('release-instance')), isolatedBy };
  await putItem(questionOf(incident, 'release', { instanceId, isolatedBy, kinds: [] }, saidYes()));
  return incident;
}
type Change = { kind: string; id: string };
const run = (handler: typeof restoreInstance, incident: Awaited<ReturnType<typeof release>>, change: Change) =>
  handler({ incident, change } as never, lambdaContext);

describe('a release', () => {
  const request = { start: 'manual', reason: 'clean again', requestedBy: 'alice' };
  const read = (event: object) =>
    readRelease({ event, executionId: 'execution', playbook: 'release-instance' } as never, lambdaContext);

  test('is of the instance that the record of the isolation names', async () => {
    const isolatedBy = await isolation();

    expect(await read({ ...request, isolatedBy })).toMatchObject({
      ...{ instanceId, isolatedBy, trigger: 'manual', playbook: 'release-instance', drill: false },
      request: { reason: 'clean again', requestedBy: 'alice' },
    });
  });

  test.each<[string, () => Promise<string> | string, string, string]>([
    [
      'goes on',
      () => isolation({}, { status: 'OPEN' }),
      'IsolationUnderWayError',
      'is still isolating the instance. Wait until it has ended, then start the release again.',
    ],
    [
      'is a restart',
      () => isolation({}, { playbook: 'restart-instance' }),
      'RecordIncompleteError',
      'There is no closed record of an isolation by incident',
    ],
    ['is none', () => `inc-${'0'.repeat(20)}`, 'RecordIncompleteError', 'There is no closed record of an isolation'],
    ['has no ID', () => 'inc-1', 'InvalidInputError', 'event.isolatedBy: expected an incident ID'],
  ])('of an isolation that %s is refused', async (_what, of, name, message) => {
    await expect(read({ ...request, isolatedBy: await of() })).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  const saved = { tag: {}, 'termination-protection': { enabled: false } };

  test('is planned in reverse, and the plan is in its timeline', async () => {
    const incident = { ...(await leasedIncident('release-instance')), isolatedBy: await isolation(saved) };

    expect(await planRelease({ incident } as never, lambdaContext)).toEqual({
      changes: [
        { kind: 'termination-protection', id: '' },
        { kind: 'tag', id: '' },
      ],
      approval: 'ask',
    });
    expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#plan')).toMatchObject({
      what: `Planned: revert 2 changes of incident ${incident.isolatedBy}: termination-protection, tag.`,
      before: { approval: 'ask' },
    });
  });

  test('only says what it would do in observe mode, and does nothing twice', async () => {
    const isolatedBy = await isolation(saved);
    const incident = { ...(await leasedIncident('release-instance', { mode: 'observe' })), isolatedBy };

    expect(await planRelease({ incident } as never, lambdaContext)).toMatchObject({
      conclusion: {
        outcome: 'OBSERVED',
        code: 'would-release',
        reason: `Observe mode: automation would revert 2 changes of incident ${isolatedBy}: termination-protection, tag.`,
      },
    });
    await putItem({ pk: `INCIDENT#${isolatedBy}`, sk: 'ENTRY#released', key: 'released', at, what: 'Restored.' });
    expect(await planRelease({ incident } as never, lambdaContext)).toEqual({
      changes: [],
      conclusion: {
        outcome: 'RELEASED',
        code: 'already-released',
        reason: `The changes of incident ${isolatedBy} have already been reverted.`,
      },
    });
  });
});

describe('every restoring step', () => {
  const change = { kind: 'tag', id: '' };
  const steps = [
    ['restore-instance', restoreInstance],
    ['restore-network', restoreNetwork],
    ['restore-sessions', restoreSessions],
  ] as const;

  test.each(steps)('%s changes nothing without an approval, unless the stage does without', async (_name, handler) => {
    const { incidentId, ...other } = await release({ tag: {} });
    const incident = { incidentId, ...other };
    const open = questionOf(incident, 'release', { instanceId, isolatedBy: other.isolatedBy, kinds: [] });
    await putItem(open);

    await expect(run(handler as never, incident, change)).rejects.toMatchObject({ name: 'NotApprovedError' });
    expect(changes()).toEqual([]);
  });

  test.each(steps)('%s reverts no isolation of another instance', async (_name, handler) => {
    const incident = await release({ tag: {} }, { instanceId: 'i-0fedcba9876543210' });

    await expect(run(handler as never, incident, change)).rejects.toMatchObject({
      name: 'NotItsIsolationError',
      message: `Incident ${incident.isolatedBy} isolated i-0fedcba9876543210, not ${instanceId}.`,
    });
    expect(changes()).toEqual([]);
  });

  test('needs no approval where the stage says never', async () => {
    const incident = { ...(await leasedIncident('release-instance')), isolatedBy: await isolation({ tag: {} }) };
    process.env.RELEASE_APPROVAL = 'never';
    answers = { DeleteTags: () => ({}) };

    expect(await run(restoreInstance, incident, change)).toEqual(change);
    expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#restored#tag#')).toMatchObject({
      what: 'Restoring tag.',
    });
  });
});

describe('the tag', () => {
  test('is removed only if it is the isolation’s own', async () => {
    answers = { DeleteTags: () => ({}) };
    const incident = await release({ tag: {} });
    await run(restoreInstance, incident, { kind: 'tag', id: '' });

    expect(changes()).toEqual([
      ['DeleteTags', { Resources: [instanceId], Tags: [{ Key: quarantineTag, Value: incident.isolatedBy }] }],
    ]);
  });

  test('that was there before comes back', async () => {
    answers = { CreateTags: () => ({}) };
    await run(restoreInstance, await release({ tag: { value: 'inc-0' } }), { kind: 'tag', id: '' });

    expect(changes()).toEqual([
      ['CreateTags', { Resources: [instanceId], Tags: [{ Key: quarantineTag, Value: 'inc-0' }] }],
    ]);
  });
});

test.each([true, false])('termination protection is as it was: %s', async (enabled) => {
  answers = { ModifyInstanceAttribute: () => ({}) };
  const saved = { 'termination-protection': { enabled } };
  await run(restoreInstance, await release(saved), { kind: 'termination-protection', id: '' });

  expect(changes()).toEqual([
    ['ModifyInstanceAttribute', { InstanceId: instanceId, DisableApiTermination: { Value: enabled } }],
  ]);
});

describe('the volumes', () => {
  const volume = (n: number, deleteOnTermination: boolean) => ({
    volumeId: `vol-${n}`,
    deviceName: `/dev/${n}`,
    deleteOnTermination,
  });
  const volumes = { volumes: [volume(1, true), volume(2, false), volume(3, true)] };

  test('are deleted on termination again where they were; one that is gone is left out', async () => {
    const mapping = (n: number) => ({
      DeviceName: `/dev/${n}`,
      Ebs: { VolumeId: `vol-${n}`, DeleteOnTermination: false },
    });
    instance.BlockDeviceMappings = [mapping(1), mapping(2)];
    answers = { ModifyInstanceAttribute: () => ({}) };
    await run(restoreInstance, await release({ volumes }), { kind: 'volumes', id: '' });

    expect(changes()).toEqual([
      [
        'ModifyInstanceAttribute',
        {
          InstanceId: instanceId,
          BlockDeviceMappings: [{ DeviceName: '/dev/1', Ebs: { VolumeId: 'vol-1', DeleteOnTermination: true } }],
        },
      ],
    ]);
  });

  test('that are as they were are left alone', async () => {
    instance.BlockDeviceMappings = [{ DeviceName: '/dev/1', Ebs: { VolumeId: 'vol-1', DeleteOnTermination: true } }];
    await run(restoreInstance, await release({ volumes }), { kind: 'volumes', id: '' });

    expect(changes()).toEqual([]);
  });
});

describe('scale-in protection', () => {
  const saved = { 'scale-in': { group: 'web', isProtected: false } };
  const member = (AutoScalingGroupName: string | undefined, ProtectedFromScaleIn = true) => ({
    DescribeAutoScalingInstances: () => ({
      AutoScalingInstances: AutoScalingGroupName ? [{ AutoScalingGroupName, ProtectedFromScaleIn }] : [],
    }),
    SetInstanceProtection: () => ({}),
  });
  const restore = async () => run(restoreInstance, await release(saved), { kind: 'scale-in', id: '' });

  test('is as it was, and set only where it differs', async () => {
    answers = member('web', false);
    await restore();
    expect(changes()).toEqual([]);
    answers = member('web');
    await restore();
    expect(changes()).toEqual([
      [
        'SetInstanceProtection',
        { AutoScalingGroupName: 'web', InstanceIds: [instanceId], ProtectedFromScaleIn: false },
      ],
    ]);
  });

  test.each([
    ['api', 'now api'],
    [undefined, 'now none'],
  ])('of a group that it has left for %s is left as it is', async (group, now) => {
    answers = member(group);

    await expect(restore()).rejects.toMatchObject({
      name: 'ChangedSinceError',
      message: `The instance has left its Auto Scaling group web since the isolation (${now}).`,
    });
    expect(changes()).toEqual([]);
  });
});

describe('the instance profile', () => {
  const saved = { profile: { associationId: 'iip-1', arn: profileArn } };
  const associated = (arn: string | undefined, replace: () => unknown = () => ({})) => ({
    DescribeIamInstanceProfileAssociations: () => ({
      IamInstanceProfileAssociations: arn ? [{ AssociationId: 'iip-2', IamInstanceProfile: { Arn: arn } }] : [],
    }),
    ReplaceIamInstanceProfileAssociation: replace,
  });
  const restore = async () => run(restoreInstance, await release(saved), { kind: 'profile', id: '' });

  test('comes back in place of the one that allows nothing', async () => {
    answers = associated(quarantineArn);
    await restore();

    expect(changes()).toEqual([
      ['ReplaceIamInstanceProfileAssociation', { AssociationId: 'iip-2', IamInstanceProfile: { Arn: profileArn } }],
    ]);
  });

  test('that is back is left alone', async () => {
    answers = associated(profileArn);
    await restore();

    expect(changes()).toEqual([]);
  });

  test.each([
    ['arn:aws:iam::123456789012:instance-profile/other', 'now arn:aws:iam::123456789012:instance-profile/other'],
    [undefined, 'now none'],
  ])('that somebody has changed to %s since is left as it is', async (arn, now) => {
    answers = associated(arn);

    await expect(restore()).rejects.toMatchObject({
      name: 'ChangedSinceError',
      message: `The instance profile has changed since the isolation (${now}). It was left as it is.`,
    });
    expect(changes()).toEqual([]);
  });

  test('that the stage may not pass says which roles it may, with the cause', async () => {
    answers = associated(quarantineArn, () => {
      throw awsError('UnauthorizedOperation');
    });

    await expect(restore()).rejects.toMatchObject({
      name: 'ProfileRefusedError',
      message: `EC2 does not let the stage give the instance profile ${profileArn} back: it may pass the roles web-* (instanceRoles of the stage). Give it back yourself.`,
      cause: { name: 'UnauthorizedOperation' },
    });
    answers = associated(quarantineArn, () => {
      throw awsError('RequestLimitExceeded');
    });
    await expect(restore()).rejects.toMatchObject({ name: 'ThrottledError' });
  });
});

test('the options of the metadata service come back', async () => {
  const before = { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 2, isApplied: true };
  instance.MetadataOptions = { State: 'applied', HttpEndpoint: 'disabled', HttpTokens: 'required' };
  answers = {
    ModifyInstanceMetadataOptions: ({ InstanceId: _id, ...options }: { InstanceId: string }) => {
      instance.MetadataOptions = { State: 'applied', ...options };
      return {};
    },
  };
  const incident = await release({ metadata: before });
  await run(restoreInstance, incident, { kind: 'metadata', id: '' });

  expect(changes()).toEqual([
    [
      'ModifyInstanceMetadataOptions',
      { InstanceId: instanceId, HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
    ],
  ]);
});

describe('the groups of an interface', () => {
  const before = { networkInterfaceId: 'eni-1', vpcId: 'vpc-1', groupIds: ['sg-a', 'sg-b'] };
  const change = { kind: 'interface', id: 'eni-1' };
  let groups: string[];
  beforeEach(() => {
    groups = ['sg-closed'];
    answers = {
      DescribeNetworkInterfaces: () => ({
        NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Groups: groups.map((GroupId) => ({ GroupId })) }],
      }),
      DescribeSecurityGroups: () => ({ SecurityGroups: [{ GroupId: 'sg-open' }, { GroupId: 'sg-closed' }] }),
      ModifyNetworkInterfaceAttribute: ({ Groups }: { Groups: string[] }) => {
        groups = Groups;
        return {};
      },
    };
  });
  const restore = async () => run(restoreNetwork, await release({ 'interface#eni-1': before }), change);

  test.each([['sg-closed'], ['sg-open']])('come back in place of %s, in their order', async (group) => {
    groups = [group];

    expect(await restore()).toEqual(change);
    expect(asked.find(([name]) => name === 'DescribeNetworkInterfaces')?.[1]).toEqual({
      NetworkInterfaceIds: ['eni-1'],
    });
    expect(changes()).toEqual([
      ['ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: 'eni-1', Groups: ['sg-a', 'sg-b'] }],
    ]);
  });

  test('are back once EC2 shows them, if need be a moment later; until then the step is tried again', async () => {
    answers.ModifyNetworkInterfaceAttribute = () => ({});
    await expect(restore()).rejects.toMatchObject({
      name: 'NotVerifiedError',
      message: 'eni-1 has the groups sg-closed instead of its own.',
    });

    answers.ModifyNetworkInterfaceAttribute = () => {
      groups = ['sg-a', 'sg-c'];
      return {};
    };
    await expect(restore()).rejects.toMatchObject({ message: 'eni-1 has the groups sg-a, sg-c instead of its own.' });

    answers.ModifyNetworkInterfaceAttribute = () => ({});
    groups = ['sg-closed'];
    let reads = 0;
    const described = answers.DescribeNetworkInterfaces as () => object;
    answers.DescribeNetworkInterfaces = () => {
      if (++reads === 3) groups = ['sg-a', 'sg-b'];
      return described();
    };
    expect(await restore()).toEqual(change);
  });

  test('of an interface that EC2 does not show any more cannot come back', async () => {
    answers.DescribeNetworkInterfaces = () => ({});
    answers.ModifyNetworkInterfaceAttribute = () => {
      throw awsError('InvalidNetworkInterfaceID.NotFound');
    };

    await expect(restore()).rejects.toThrow();
  });

  test('that are back are left alone', async () => {
    groups = ['sg-a', 'sg-b'];
    await restore();

    expect(changes()).toEqual([]);
  });

  test.each([[['sg-c']], [['sg-closed', 'sg-c']], [['sg-b', 'sg-a']], [['sg-a']]])(
    'that somebody has changed to %j since are left as they are',
    async (now) => {
      groups = now;

      await expect(restore()).rejects.toMatchObject({
        name: 'ChangedSinceError',
        message: `The groups of eni-1 have changed since the isolation (now ${now.join(', ')}). They were left as they are.`,
      });
      expect(changes()).toEqual([]);
    },
  );
});

describe('an Elastic IP', () => {
  const before = {
    allocationId: 'eipalloc-1',
    associationId: 'eipassoc-1',
    publicIp: '203.0.113.7',
    networkInterfaceId: 'eni-1',
    privateIp: '10.0.0.5',
  };
  const change = { kind: 'address', id: 'eipalloc-1' };
  const now = (address: object) => ({
    DescribeAddresses: () => ({ Addresses: [{ AllocationId: 'eipalloc-1', ...address }] }),
    AssociateAddress: () => ({}),
  });
  const restore = async () => run(restoreNetwork, await release({ 'address#eipalloc-1': before }), change);

  test('that is free is associated as it was, and taken from nobody', async () => {
    answers = now({});
    await restore();

    expect(asked.find(([name]) => name === 'DescribeAddresses')?.[1]).toEqual({ AllocationIds: ['eipalloc-1'] });
    expect(changes()).toEqual([
      [
        'AssociateAddress',
        {
          AllocationId: 'eipalloc-1',
          NetworkInterfaceId: 'eni-1',
          PrivateIpAddress: '10.0.0.5',
          AllowReassociation: false,
        },
      ],
    ]);
  });

  test('that is back is left alone', async () => {
    answers = now({ AssociationId: 'eipassoc-2', NetworkInterfaceId: 'eni-1', PrivateIpAddress: '10.0.0.5' });
    await restore();

    expect(changes()).toEqual([]);
  });

  test.each([
    ['eni-9', '10.0.0.5'],
    ['eni-1', '10.0.0.6'],
  ])('that is in use at %s, %s is left as it is', async (NetworkInterfaceId, PrivateIpAddress) => {
    answers = now({ AssociationId: 'eipassoc-2', NetworkInterfaceId, PrivateIpAddress });

    await expect(restore()).rejects.toMatchObject({
      name: 'ChangedSinceError',
      message: `The Elastic IP 203.0.113.7 is in use elsewhere (${NetworkInterfaceId}).`,
    });
    expect(changes()).toEqual([]);
  });
});

test('the quarantine groups are deleted, also where one is gone already', async () => {
  answers = {
    DescribeSecurityGroups: () => ({ SecurityGroups: [{ GroupId: 'sg-open' }, { GroupId: 'sg-closed' }] }),
    DeleteSecurityGroup: ({ GroupId }: { GroupId: string }) => {
      if (GroupId === 'sg-open') throw awsError('InvalidGroup.NotFound');
      return {};
    },
  };
  await run(restoreNetwork, await release({ groups: { vpcIds: ['vpc-1'] } }), { kind: 'groups', id: '' });

  expect(changes()).toEqual(['sg-open', 'sg-closed'].map((GroupId) => ['DeleteSecurityGroup', { GroupId }]));
  answers.DeleteSecurityGroup = () => {
    throw awsError('DependencyViolation');
  };
  await expect(
    run(restoreNetwork, await release({ groups: { vpcIds: ['vpc-1'] } }), { kind: 'groups', id: '' }),
  ).rejects.toMatchObject({ name: 'BusyError' });
});

describe('the sessions of the role', () => {
  const saved = { sessions: { roleName: 'web-role', policyName: 'incident-playbooks-revoke-inc-1' } };
  const restore = async () => run(restoreSessions as never, await release(saved), { kind: 'sessions', id: '' });

  test('are allowed again by deleting the policy, also where it is gone already', async () => {
    answers = { DeleteRolePolicy: () => ({}) };
    await restore();
    expect(changes()).toEqual([
      ['DeleteRolePolicy', { RoleName: 'web-role', PolicyName: 'incident-playbooks-revoke-inc-1' }],
    ]);
    answers.DeleteRolePolicy = () => {
      throw awsError('NoSuchEntityException');
    };
    await expect(restore()).resolves.toEqual({ kind: 'sessions', id: '' });
  });

  test('stay revoked, and the step fails, on any other error', async () => {
    answers = {
      DeleteRolePolicy: () => {
        throw awsError('AccessDenied');
      },
    };

    await expect(restore()).rejects.toMatchObject({ name: 'NotAuthorizedError' });
  });
});
