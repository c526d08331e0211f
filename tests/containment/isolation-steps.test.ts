import { handler as detachAddress } from '../../functions/containment/detach-address';
import { handler as endSessions } from '../../functions/containment/end-sessions';
import { handler as lockSnapshots } from '../../functions/containment/lock-snapshots';
import { handler as markInstance } from '../../functions/containment/mark-instance';
import { handler as protectFromScaleIn } from '../../functions/containment/protect-from-scale-in';
import { handler as protectInstance } from '../../functions/containment/protect-instance';
import { handler as revokeSessions } from '../../functions/containment/revoke-sessions';
import { handler as shareSnapshots } from '../../functions/containment/share-snapshots';
import { handler as swapProfile } from '../../functions/containment/swap-profile';
import { handler as switchMetadataOff } from '../../functions/containment/switch-metadata-off';
import { handler as takeSnapshots } from '../../functions/containment/take-snapshots';
import { handler as watchSnapshots } from '../../functions/containment/watch-snapshots';
import { quarantineTag } from '../../functions/guard/tags';
import { autoScaling } from '../../functions/shared/clients/auto-scaling';
import { ec2, ec2Once } from '../../functions/shared/clients/ec2';
import { iam } from '../../functions/shared/clients/iam';
import { ssm } from '../../functions/shared/clients/ssm';
import { type Answers, awsError } from '../fixtures/answering';
import { questionOf, saidYes } from '../fixtures/approved';
import { config } from '../fixtures/config';
import {
  answeringInstance,
  approvedIsolation,
  instanceId,
  putItem,
  readItemOf,
  savedBefore,
} from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const profileArn = 'arn:aws:iam::123456789012:instance-profile/web';
const quarantineArn = 'arn:aws:iam::123456789012:instance-profile/quarantine';
let stop: () => Promise<void>;
let asked: [string, unknown][];
let answers: Answers;
let instance: Record<string, unknown>;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment({ QUARANTINE_PROFILE_ARN: quarantineArn });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  instance = { State: { Name: 'running' }, Tags: [{ Key: config.OPT_IN_TAG, Value: 'true' }] };
  answers = {};
  asked = answeringInstance([ec2, ec2Once, autoScaling, iam, ssm], () => ({ instance, answers }));
});

const changes = () => asked.filter(([name]) => !/^(Describe|Get)/.test(name));
/** Keeps what a change asks for, as EC2 does. */
const keep = (change: Record<string, unknown>) => {
  instance = { ...instance, ...change };
  return {};
};
const notApproved = { name: 'NotApprovedError' };

describe('every step of an isolation', () => {
  test.each([
    ['detach-address', detachAddress],
    ['end-sessions', endSessions],
    ['mark-instance', markInstance],
    ['protect-from-scale-in', protectFromScaleIn],
    ['protect-instance', protectInstance],
    ['swap-profile', swapProfile],
    ['switch-metadata-off', switchMetadataOff],
    ['take-snapshots', takeSnapshots],
  ])('%s changes nothing without an approval, in observe mode, or without the opt-in', async (_name, handler) => {
    const { incidentId, ...other } = await approvedIsolation();
    const run = (change: object) =>
      (handler as typeof markInstance)({ incident: { incidentId, ...other, ...change } }, lambdaContext);
    const target = { instanceId, networkInterfaceIds: ['eni-1'], volumes: 2, addresses: 1, swapProfile: true };
    await putItem(questionOf({ incidentId, ...other }, 'isolate', target));

    await expect(run({})).rejects.toMatchObject(notApproved);
    await expect(run({ mode: 'observe' })).rejects.toMatchObject({ name: 'ModeIsObserveError' });
    instance.Tags = [];
    await expect(run({})).rejects.toMatchObject({ name: 'NotOptedInError' });
    expect(changes()).toEqual([]);
  });
});

test('the quarantine tag names the incident, and what was before is saved', async () => {
  const incident = await approvedIsolation();
  answers = { CreateTags: () => ({}) };
  await markInstance({ incident }, lambdaContext);

  expect(changes()).toEqual([
    ['CreateTags', { Resources: [instanceId], Tags: [{ Key: quarantineTag, Value: incident.incidentId }] }],
  ]);
  expect(await savedBefore(incident.incidentId, 'tag')).toMatchObject({
    before: {},
    what: 'Tagging the instance as quarantined.',
    revert: 'remove the tag',
  });
});

describe('protect-instance', () => {
  const volume = (id: string, DeleteOnTermination: boolean) => ({
    DeviceName: `/dev/${id}`,
    Ebs: { VolumeId: id, DeleteOnTermination },
  });
  let isProtected: boolean;
  beforeEach(() => {
    isProtected = false;
    instance.BlockDeviceMappings = [volume('vol-1', true), volume('vol-2', false)];
    answers = {
      DescribeInstanceAttribute: () => ({ DisableApiTermination: { Value: isProtected } }),
      ModifyInstanceAttribute: () => ({}),
    };
  });

  test('keeps the volumes first, then turns termination protection on; both are saved', async () => {
    const incident = await approvedIsolation();

    expect(await protectInstance({ incident }, lambdaContext)).toEqual({ wasProtected: false, volumes: 1 });
    expect(changes()).toEqual([
      [
        'ModifyInstanceAttribute',
        {
          InstanceId: instanceId,
          BlockDeviceMappings: [{ DeviceName: '/dev/vol-1', Ebs: { VolumeId: 'vol-1', DeleteOnTermination: false } }],
        },
      ],
      ['ModifyInstanceAttribute', { InstanceId: instanceId, DisableApiTermination: { Value: true } }],
    ]);
    expect(await savedBefore(incident.incidentId, 'volumes')).toMatchObject({
      before: {
        volumes: [
          { volumeId: 'vol-1', deleteOnTermination: true },
          { volumeId: 'vol-2', deleteOnTermination: false },
        ],
      },
      revert: 'restore DeleteOnTermination',
    });
    expect(await savedBefore(incident.incidentId, 'termination-protection')).toMatchObject({
      before: { enabled: false },
      what: 'Turning termination protection on.',
      revert: 'restore it',
    });
  });

  test('changes nothing that is as it should be', async () => {
    isProtected = true;
    instance.BlockDeviceMappings = [volume('vol-2', false)];

    expect(await protectInstance({ incident: await approvedIsolation() }, lambdaContext)).toEqual({
      wasProtected: true,
      volumes: 0,
    });
    expect(changes()).toEqual([]);
  });

  test('keeps the volumes of a Spot Instance, which has no termination protection', async () => {
    instance.InstanceLifecycle = 'spot';
    const incident = await approvedIsolation();

    expect(await protectInstance({ incident }, lambdaContext)).toEqual({ volumes: 1 });
    expect(changes()).toHaveLength(1);
    expect(await savedBefore(incident.incidentId, 'termination-protection')).toBeUndefined();
  });

  test('a volume of which EC2 does not say that it is kept is not', async () => {
    instance.BlockDeviceMappings = [{ DeviceName: '/dev/a', Ebs: { VolumeId: 'vol-1' } }, { DeviceName: '/dev/b' }];

    expect(await protectInstance({ incident: await approvedIsolation() }, lambdaContext)).toMatchObject({ volumes: 1 });
  });
});

describe('protect-from-scale-in', () => {
  const inGroup = (ProtectedFromScaleIn?: boolean) => ({
    DescribeAutoScalingInstances: () => ({
      AutoScalingInstances: [{ AutoScalingGroupName: 'web', ProtectedFromScaleIn }],
    }),
    SetInstanceProtection: () => ({}),
  });

  test('protects a member of a group, and saves what it was', async () => {
    answers = inGroup();
    const incident = await approvedIsolation();

    expect(await protectFromScaleIn({ incident }, lambdaContext)).toEqual({ protected: true });
    expect(changes()).toEqual([
      ['SetInstanceProtection', { AutoScalingGroupName: 'web', InstanceIds: [instanceId], ProtectedFromScaleIn: true }],
    ]);
    expect(await savedBefore(incident.incidentId, 'scale-in')).toMatchObject({
      before: { group: 'web', isProtected: false },
      what: 'Protecting the instance from scale-in of web.',
      revert: 'restore the setting',
    });
  });

  test('leaves one that is protected, and one that is in no group', async () => {
    answers = inGroup(true);
    expect(await protectFromScaleIn({ incident: await approvedIsolation() }, lambdaContext)).toEqual({
      protected: true,
    });
    answers = { DescribeAutoScalingInstances: () => ({ AutoScalingInstances: [] }) };
    const incident = await approvedIsolation();
    expect(await protectFromScaleIn({ incident }, lambdaContext)).toEqual({ protected: false });
    expect(await savedBefore(incident.incidentId, 'scale-in')).toBeUndefined();
    expect(changes()).toEqual([]);
  });
});

test('every Elastic IP is detached by its association, and saved under its allocation', async () => {
  const address = (n: number) => ({
    AllocationId: `eipalloc-${n}`,
    AssociationId: `eipassoc-${n}`,
    PublicIp: `203.0.113.${n}`,
    NetworkInterfaceId: 'eni-1',
    PrivateIpAddress: `10.0.0.${n}`,
  });
  answers = { DescribeAddresses: () => ({ Addresses: [address(2), address(1)] }), DisassociateAddress: () => ({}) };
  const incident = await approvedIsolation();

  expect(await detachAddress({ incident }, lambdaContext)).toEqual({ detached: 2 });
  expect(changes()).toEqual([1, 2].map((n) => ['DisassociateAddress', { AssociationId: `eipassoc-${n}` }]));
  expect(asked.find(([name]) => name === 'DescribeAddresses')?.[1]).toEqual({
    Filters: [{ Name: 'instance-id', Values: [instanceId] }],
  });
  expect(await savedBefore(incident.incidentId, 'address#eipalloc-1')).toMatchObject({
    before: {
      allocationId: 'eipalloc-1',
      associationId: 'eipassoc-1',
      publicIp: '203.0.113.1',
      networkInterfaceId: 'eni-1',
      privateIp: '10.0.0.1',
    },
    what: 'Detaching the Elastic IP 203.0.113.1.',
    revert: 'reassociate it',
  });
});

describe('swap-profile', () => {
  const associated = (...arns: string[]) => ({
    DescribeIamInstanceProfileAssociations: () => ({
      IamInstanceProfileAssociations: arns.map((Arn) => ({ AssociationId: 'iip-1', IamInstanceProfile: { Arn } })),
    }),
    ReplaceIamInstanceProfileAssociation: () => ({}),
  });

  test('gives the instance the profile that allows nothing, and saves its own', async () => {
    answers = associated(profileArn);
    const incident = await approvedIsolation();

    expect(await swapProfile({ incident }, lambdaContext)).toEqual({ swapped: true });
    expect(changes()).toEqual([
      ['ReplaceIamInstanceProfileAssociation', { AssociationId: 'iip-1', IamInstanceProfile: { Arn: quarantineArn } }],
    ]);
    expect(await savedBefore(incident.incidentId, 'profile')).toMatchObject({
      before: { associationId: 'iip-1', arn: profileArn },
      what: `Replacing the instance profile ${profileArn}.`,
      revert: 'restore it',
    });
  });

  test('changes nothing that is swapped already, so that the saved profile stays the instance’s own', async () => {
    answers = associated(quarantineArn);
    const incident = await approvedIsolation();

    expect(await swapProfile({ incident }, lambdaContext)).toEqual({ swapped: true });
    expect(await savedBefore(incident.incidentId, 'profile')).toBeUndefined();
    answers = associated();
    expect(await swapProfile({ incident: await approvedIsolation() }, lambdaContext)).toEqual({ swapped: false });
    expect(changes()).toEqual([]);
  });
});

describe('switch-metadata-off', () => {
  const parts = { switchMetadataOff: true };
  beforeEach(() => {
    instance.MetadataOptions = { State: 'applied', HttpEndpoint: 'enabled', HttpTokens: 'required' };
  });

  test('switches it off, reads that back, and saves every option', async () => {
    answers = {
      ModifyInstanceMetadataOptions: () =>
        keep({ MetadataOptions: { State: 'applied', HttpEndpoint: 'disabled', HttpTokens: 'required' } }),
    };
    const incident = await approvedIsolation(parts);

    for (const _attempt of [1, 2]) expect(await switchMetadataOff({ incident }, lambdaContext)).toEqual({ off: true });
    expect(changes()).toEqual([
      ['ModifyInstanceMetadataOptions', { InstanceId: instanceId, HttpEndpoint: 'disabled' }],
    ]);
    expect(await savedBefore(incident.incidentId, 'metadata')).toMatchObject({
      before: { HttpEndpoint: 'enabled', HttpTokens: 'required', isApplied: true },
      what: 'Switching the instance metadata service off.',
      revert: 'restore its options',
    });
  });

  test.each([
    ['not changed', { State: 'applied', HttpEndpoint: 'enabled' }],
    ['pending', { State: 'pending', HttpEndpoint: 'disabled' }],
  ])('is tried again while the options are %s', async (how, MetadataOptions) => {
    answers = { ModifyInstanceMetadataOptions: () => keep({ MetadataOptions }) };

    await expect(switchMetadataOff({ incident: await approvedIsolation(parts) }, lambdaContext)).rejects.toMatchObject({
      name: 'NotVerifiedError',
      message: `The options of the instance metadata service are ${how}.`,
    });
  });

  test('needs an approval that says so', async () => {
    await expect(switchMetadataOff({ incident: await approvedIsolation() }, lambdaContext)).rejects.toMatchObject(
      notApproved,
    );
  });
});

describe('end-sessions', () => {
  const parts = { endSessions: true };
  const session = (SessionId: string, Status: string) => ({ SessionId, Status });

  test('ends every open session of the instance, and sees that none is left', async () => {
    let open = [session('b', 'Connected'), session('a', 'Disconnected'), session('c', 'Terminating')];
    answers = {
      DescribeSessions: () => ({ Sessions: open }),
      TerminateSession: ({ SessionId }: { SessionId: string }) => {
        open = open.map((one) => (one.SessionId === SessionId ? session(SessionId, 'Terminated') : one));
        return {};
      },
    };
    const incident = await approvedIsolation(parts);

    expect(await endSessions({ incident }, lambdaContext)).toEqual({ ended: 2 });
    expect(changes()).toEqual(['a', 'b'].map((SessionId) => ['TerminateSession', { SessionId }]));
    expect(asked.find(([name]) => name === 'DescribeSessions')?.[1]).toMatchObject({
      State: 'Active',
      Filters: [{ key: 'Target', value: instanceId }],
    });
    expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#sessions-ended#a,b')).toMatchObject({
      what: 'Ending 2 sessions of Systems Manager: a, b.',
    });
    expect(await endSessions({ incident }, lambdaContext)).toEqual({ ended: 0 });
  });

  test('is tried again while some are open', async () => {
    answers = {
      DescribeSessions: () => ({ Sessions: [session('a', 'Connected')] }),
      TerminateSession: () => ({}),
    };

    await expect(endSessions({ incident: await approvedIsolation(parts) }, lambdaContext)).rejects.toMatchObject({
      name: 'NotVerifiedError',
      message: 'Sessions of Systems Manager are still open: a.',
    });
  });
});

describe('revoke-sessions', () => {
  const withProfile = { environment: { profile: { associationId: 'iip-1', arn: profileArn } } };
  const approved = async (arn = profileArn, saved = true) => {
    const incident = await approvedIsolation({}, withProfile);
    await putItem(questionOf(incident, 'revoke-sessions', { instanceId, profileArn: arn }, saidYes()));
    const Item = { pk: `EVIDENCE#${incident.incidentId}`, sk: 'ENTRY#changed#profile', key: 'changed#profile' };
    if (saved) await putItem({ ...Item, before: withProfile.environment.profile });
    return incident as typeof incident & typeof withProfile;
  };
  beforeEach(() => {
    answers = {
      GetInstanceProfile: () => ({ InstanceProfile: { Roles: [{ RoleName: 'web-role' }] } }),
      PutRolePolicy: () => ({}),
    };
  });

  test('denies everything to sessions that began before now, and half a minute more; the policy is saved', async () => {
    const incident = await approved();
    const since = Date.now();

    expect(await revokeSessions({ incident }, lambdaContext)).toEqual({ roleName: 'web-role' });
    const [[name, input]] = changes() as [[string, Record<string, string>]];
    expect(name).toBe('PutRolePolicy');
    expect(input).toMatchObject({
      RoleName: 'web-role',
      PolicyName: `incident-playbooks-revoke-${incident.incidentId}`,
    });
    const { Statement } = JSON.parse(input.PolicyDocument!);
    const before = Statement[0].Condition.DateLessThan['aws:TokenIssueTime'];
    expect(Statement).toEqual([
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
      },
    ]);
    expect(Date.parse(before)).toBeGreaterThanOrEqual(since + 30_000);
    expect(Date.parse(before)).toBeLessThanOrEqual(Date.now() + 30_000);
    expect(await savedBefore(incident.incidentId, 'sessions')).toMatchObject({
      before: { roleName: 'web-role', policyName: input.PolicyName },
      what: 'Revoking the sessions of the role web-role.',
      revert: 'delete the inline policy',
    });
  });

  test.each<[string, () => Promise<Awaited<ReturnType<typeof approved>>>, string]>([
    ['a profile that was not approved', () => approved(`${profileArn}-2`), 'NotApprovedError'],
    [
      'a profile that the isolation has not taken from its instance',
      () => approved(profileArn, false),
      'NotItsProfileError',
    ],
  ])('touches no role of %s', async (_what, make, name) => {
    await expect(revokeSessions({ incident: await make() }, lambdaContext)).rejects.toMatchObject({ name });
    expect(changes()).toEqual([]);
  });

  test('of a profile without a role says so', async () => {
    answers.GetInstanceProfile = () => ({ InstanceProfile: { Roles: [] } });

    await expect(revokeSessions({ incident: await approved() }, lambdaContext)).rejects.toMatchObject({
      name: 'NoRoleError',
      message: 'The instance profile web has no role.',
    });
  });
});

describe('take-snapshots', () => {
  test('asks for one set, tagged with incident and instance; a retry finds it', async () => {
    let made: object[] = [];
    answers = {
      DescribeSnapshots: () => ({ Snapshots: made }),
      CreateSnapshots: () => {
        made = [{ SnapshotId: 'snap-1', VolumeId: 'vol-1' }];
        return { Snapshots: made };
      },
    };
    const incident = await approvedIsolation();
    const snapshots = [{ snapshotId: 'snap-1', volumeId: 'vol-1' }];

    for (const _attempt of [1, 2])
      expect(await takeSnapshots({ incident }, lambdaContext)).toMatchObject({ snapshots });
    expect(changes()).toEqual([
      [
        'CreateSnapshots',
        {
          InstanceSpecification: { InstanceId: instanceId },
          Description: `Evidence of incident ${incident.incidentId}`,
          TagSpecifications: [
            {
              ResourceType: 'snapshot',
              Tags: [
                { Key: 'incident-playbooks:incident', Value: incident.incidentId },
                { Key: 'incident-playbooks:instance', Value: instanceId },
              ],
            },
          ],
        },
      ],
    ]);
    expect(asked.find(([name]) => name === 'DescribeSnapshots')?.[1]).toEqual({
      OwnerIds: ['self'],
      Filters: [{ Name: 'tag:incident-playbooks:incident', Values: [incident.incidentId] }],
    });
    expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#snapshots-requested')).toMatchObject({
      what: 'Asked EC2 to take snapshots of every volume.',
    });
  });

  test('are looked at by their tag, with those that were asked for', async () => {
    answers = {
      DescribeSnapshots: () => ({ Snapshots: [{ SnapshotId: 'snap-1', VolumeId: 'vol-1', State: 'completed' }] }),
    };
    const requested = [1, 2].map((n) => ({ snapshotId: `snap-${n}`, volumeId: `vol-${n}` }));
    const incident = { ...(await approvedIsolation()), snapshotRequest: { snapshots: requested } };

    expect(await watchSnapshots({ incident, ceilingSeconds: 3600 }, lambdaContext)).toMatchObject({
      verdict: 'WAITING',
      seen: [
        { ...requested[0], state: 'completed' },
        { ...requested[1], state: 'pending' },
      ],
    });
    expect(await watchSnapshots({ incident, ceilingSeconds: 0 }, lambdaContext)).toMatchObject({ verdict: 'OVERDUE' });
  });
});

describe('the snapshots', () => {
  const ids = ['snap-1', 'snap-2'];
  const snapshotRequest = { snapshots: ids.map((snapshotId) => ({ snapshotId })) };
  const snapshots = {
    ...{ verdict: 'DONE', since: '2026-11-24T02:00:00.000Z', attempt: 1, waitSeconds: 10 },
    seen: [
      { snapshotId: 'snap-1', volumeId: 'vol-1', state: 'completed' },
      { snapshotId: 'snap-2', volumeId: 'vol-2', state: 'completed' },
      { snapshotId: 'snap-3', volumeId: 'vol-3', state: 'error' },
    ],
  };

  describe('are locked', () => {
    const words = 'compliance mode for 30 days, which can be undone for 24 hours';
    const stage = { SNAPSHOT_LOCK: 'compliance', SNAPSHOT_LOCK_DAYS: '30', SNAPSHOT_COOL_OFF_HOURS: '24' };
    let locks: Record<string, string>;
    beforeEach(() => {
      Object.assign(process.env, stage);
      locks = { 'snap-2': 'governance' };
      answers = {
        DescribeLockedSnapshots: () => ({
          Snapshots: Object.entries(locks).map(([SnapshotId, LockState]) => ({ SnapshotId, LockState })),
        }),
        LockSnapshot: ({ SnapshotId }: { SnapshotId: string }) => {
          locks[SnapshotId] = 'compliance-cooloff';
          return {};
        },
      };
    });
    afterEach(() => {
      for (const name of Object.keys(stage)) delete process.env[name];
    });

    test('as the stage says, those that are not; it is in the timeline', async () => {
      const incident = { ...(await approvedIsolation({ snapshotLock: words })), snapshotRequest };

      expect(await lockSnapshots({ incident }, lambdaContext)).toEqual({ locked: 2 });
      expect(changes()).toEqual([
        ['LockSnapshot', { SnapshotId: 'snap-1', LockMode: 'compliance', LockDuration: 30, CoolOffPeriod: 24 }],
      ]);
      expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#snapshots-locked')).toMatchObject({
        what: `Locked 2 snapshots in ${words}.`,
      });
    });

    test('and an expired lock is none', async () => {
      locks = { 'snap-2': 'expired' };
      const incident = { ...(await approvedIsolation({ snapshotLock: words })), snapshotRequest };
      await lockSnapshots({ incident }, lambdaContext);

      expect(changes()).toHaveLength(2);
    });

    test('and it is tried again while EC2 does not show it', async () => {
      answers.LockSnapshot = () => ({});
      const incident = { ...(await approvedIsolation({ snapshotLock: words })), snapshotRequest };

      await expect(lockSnapshots({ incident }, lambdaContext)).rejects.toMatchObject({
        name: 'NotVerifiedError',
        message: 'EC2 does not show a lock on snap-1.',
      });
    });

    test('only as they were approved, and not at all where the stage does not', async () => {
      const incident = { ...(await approvedIsolation({ snapshotLock: 'governance mode for 1 day' })), snapshotRequest };

      await expect(lockSnapshots({ incident }, lambdaContext)).rejects.toMatchObject(notApproved);
      process.env.SNAPSHOT_LOCK = 'none';
      expect(await lockSnapshots({ incident }, lambdaContext)).toEqual({ locked: 0 });
      expect(changes()).toEqual([]);
    });
  });

  describe('are shared', () => {
    const evidenceAccountId = '999988887777';
    beforeEach(() => {
      process.env.EVIDENCE_ACCOUNT_ID = evidenceAccountId;
      answers = { ModifySnapshotAttribute: () => ({}) };
    });
    afterEach(() => {
      delete process.env.EVIDENCE_ACCOUNT_ID;
    });
    const approved = async () => ({ ...(await approvedIsolation({ evidenceAccountId })), snapshots });

    test('with the evidence account, each that is complete', async () => {
      const incident = await approved();

      expect(await shareSnapshots({ incident } as never, lambdaContext)).toEqual({ shared: 2 });
      expect(changes()).toEqual(
        ids.map((SnapshotId) => [
          'ModifySnapshotAttribute',
          {
            SnapshotId,
            Attribute: 'createVolumePermission',
            OperationType: 'add',
            UserIds: [evidenceAccountId],
          },
        ]),
      );
      expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#snapshots-shared')).toMatchObject({
        what: `Shared 2 snapshots with account ${evidenceAccountId}.`,
      });
    });

    test('and of those that AWS never shares, each is named, and the others are shared', async () => {
      answers.ModifySnapshotAttribute = ({ SnapshotId }: { SnapshotId: string }) => {
        if (SnapshotId === 'snap-2') return {};
        throw Object.assign(awsError('OperationNotPermitted'), { message: 'Encrypted snapshots cannot be shared.' });
      };
      const incident = await approved();

      await expect(shareSnapshots({ incident } as never, lambdaContext)).rejects.toMatchObject({
        name: 'SnapshotsNotSharedError',
        message: `Not shared with account ${evidenceAccountId}: snap-1 (Encrypted snapshots cannot be shared).`,
        cause: { name: 'OperationNotPermitted' },
      });
      expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#snapshots-shared')).toMatchObject({
        what: `Shared 1 snapshot with account ${evidenceAccountId}.`,
      });
    });

    test('and an error of any other kind stops the step', async () => {
      answers.ModifySnapshotAttribute = () => {
        throw awsError('RequestLimitExceeded');
      };
      const incident = await approved();

      await expect(shareSnapshots({ incident } as never, lambdaContext)).rejects.toMatchObject({
        name: 'ThrottledError',
      });
      expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#snapshots-shared')).toBeUndefined();
    });

    test('with no other account than was approved, and with none where the stage names none', async () => {
      const incident = { ...(await approvedIsolation({ evidenceAccountId: '111122223333' })), snapshots };

      await expect(shareSnapshots({ incident } as never, lambdaContext)).rejects.toMatchObject(notApproved);
      process.env.EVIDENCE_ACCOUNT_ID = '';
      expect(await shareSnapshots({ incident } as never, lambdaContext)).toEqual({ shared: 0 });
      expect(changes()).toEqual([]);
    });
  });
});
