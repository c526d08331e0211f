import { createHash } from 'node:crypto';
import { describeEnvironment } from '../../functions/containment/describe';
import { handler as lockEvidence } from '../../functions/containment/lock-evidence';
import { handler as prepareQuarantine } from '../../functions/containment/prepare-quarantine';
import { quarantinePairs } from '../../functions/containment/quarantine-groups';
import { handler as saveEvidence } from '../../functions/containment/save-evidence';
import { readSecured } from '../../functions/containment/secured-snapshots';
import { handler as surveyInstance } from '../../functions/containment/survey-instance';
import { ec2 } from '../../functions/shared/clients/ec2';
import { s3 } from '../../functions/shared/clients/s3';
import { type Answers, awsError } from '../fixtures/answering';
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

const optedIn = { Key: config.OPT_IN_TAG, Value: 'true' };
let stop: () => Promise<void>;
let asked: [string, unknown][];
let answers: Answers;
let instance: Record<string, unknown>;

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  instance = { State: { Name: 'running' }, Tags: [optedIn] };
  answers = {};
  asked = answeringInstance([ec2, s3], () => ({ instance, answers }));
});
const changes = () => asked.filter(([name]) => !/^(Describe|Get)/.test(name));

describe('everything that an isolation changes', () => {
  const has: Answers = {
    DescribeInstanceAttribute: () => ({ DisableApiTermination: { Value: true } }),
    DescribeNetworkInterfaces: () => ({
      NetworkInterfaces: [
        { NetworkInterfaceId: 'eni-2', VpcId: 'vpc-1', Groups: [{ GroupId: 'sg-1' }], RequesterManaged: true },
        { NetworkInterfaceId: 'eni-3', VpcId: 'vpc-1', Groups: [], Operator: { Managed: true } },
        { NetworkInterfaceId: 'eni-1', VpcId: 'vpc-1', Groups: [{ GroupId: 'sg-b' }, { GroupId: 'sg-a' }] },
      ],
    }),
    DescribeAddresses: () => ({ Addresses: [] }),
    DescribeIamInstanceProfileAssociations: () => ({
      IamInstanceProfileAssociations: [{ AssociationId: 'iip-1', IamInstanceProfile: { Arn: 'arn:profile' } }],
    }),
  };
  const read = () => describeEnvironment(instanceId, config);

  test('is read as it is, interfaces in a stable order, their groups in EC2’s', async () => {
    answers = { ...has };
    instance.MetadataOptions = {
      State: 'pending',
      HttpEndpoint: 'enabled',
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 2,
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: 'enabled',
    };

    expect(await read()).toMatchObject({
      terminationProtected: true,
      interfaces: [
        { networkInterfaceId: 'eni-1', vpcId: 'vpc-1', groupIds: ['sg-b', 'sg-a'] },
        { networkInterfaceId: 'eni-2', groupIds: ['sg-1'], isManaged: true },
        { networkInterfaceId: 'eni-3', groupIds: [], isManaged: true },
      ],
      addresses: [],
      profile: { associationId: 'iip-1', arn: 'arn:profile' },
      metadata: {
        HttpEndpoint: 'enabled',
        HttpTokens: 'required',
        HttpPutResponseHopLimit: 2,
        HttpProtocolIpv6: 'disabled',
        InstanceMetadataTags: 'enabled',
        isApplied: false,
      },
    });
    const asks = Object.fromEntries(asked);
    expect(asks.DescribeNetworkInterfaces).toEqual({
      Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }],
    });
    expect(asks.DescribeIamInstanceProfileAssociations).toEqual({
      Filters: [
        { Name: 'instance-id', Values: [instanceId] },
        { Name: 'state', Values: ['associating', 'associated'] },
      ],
    });
    expect(asks.DescribeInstanceAttribute).toEqual({ InstanceId: instanceId, Attribute: 'disableApiTermination' });
  });

  test('leaves out what may not be read, and what there is not', async () => {
    answers = { ...has, DescribeIamInstanceProfileAssociations: () => ({}), DescribeNetworkInterfaces: () => ({}) };
    instance.Tags = [];
    const environment = await read();

    expect(environment).not.toHaveProperty('terminationProtected');
    expect(environment).not.toHaveProperty('profile');
    expect(environment.interfaces).toEqual([]);
    expect(environment.metadata).toEqual({ HttpEndpoint: 'enabled', isApplied: true });
    expect(asked.map(([name]) => name)).not.toContain('DescribeInstanceAttribute');
  });

  test('is unknown as a whole where one read fails', async () => {
    answers = {
      ...has,
      DescribeAddresses: () => {
        throw awsError('UnauthorizedOperation');
      },
    };

    await expect(read()).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });
});

test('a survey passes on only the tags that guards read: the others may be more than a state can hold', async () => {
  answers = Object.fromEntries(
    ['InstanceAttribute', 'NetworkInterfaces', 'Addresses', 'IamInstanceProfileAssociations'].map((name) => [
      `Describe${name}`,
      () => ({}),
    ]),
  );
  instance.Tags = [optedIn, { Key: 'Purpose', Value: 'x'.repeat(256) }];

  const found = await surveyInstance({ incident: await approvedIsolation() }, lambdaContext);
  expect(found).toMatchObject({
    terminationProtected: false,
    interfaces: [],
    volumes: [],
    instance: { instanceId, state: 'running' },
  });
  expect(found.instance.tags).toEqual({ [config.OPT_IN_TAG]: 'true' });
  expect(changes()).toEqual([]);
});

describe('the quarantine groups', () => {
  const anywhere = [
    { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  ];
  interface Made {
    GroupId: string;
    GroupName: string;
    VpcId: string;
    IpPermissions: object[];
    IpPermissionsEgress: object[];
    Tags?: object[];
  }
  let made: Made[];
  beforeEach(() => {
    made = [];
    answers = {
      DescribeNetworkInterfaces: () => ({
        NetworkInterfaces: ['vpc-1', 'vpc-2', 'vpc-1'].map((VpcId, n) => ({ NetworkInterfaceId: `eni-${n}`, VpcId })),
      }),
      DescribeSecurityGroups: ({ GroupIds, Filters }: { GroupIds?: string[]; Filters?: { Values: string[] }[] }) => ({
        SecurityGroups: made.filter(({ GroupId, GroupName, VpcId }) =>
          GroupIds
            ? GroupIds.includes(GroupId)
            : Filters![0]!.Values[0] === VpcId && Filters![1]!.Values[0] === GroupName,
        ),
      }),
      CreateSecurityGroup: ({ GroupName, VpcId }: { GroupName: string; VpcId: string }) => {
        const GroupId = `sg-${made.length}`;
        made.push({ GroupId, GroupName, VpcId, IpPermissions: [], IpPermissionsEgress: [anywhere[0]!] });
        return { GroupId };
      },
      AuthorizeSecurityGroupIngress: ({ GroupId, IpPermissions }: { GroupId: string; IpPermissions: object[] }) => {
        made.find((one) => one.GroupId === GroupId)!.IpPermissions.push(...IpPermissions);
        return {};
      },
      AuthorizeSecurityGroupEgress: ({ GroupId, IpPermissions }: { GroupId: string; IpPermissions: object[] }) => {
        made.find((one) => one.GroupId === GroupId)!.IpPermissionsEgress.push(...IpPermissions);
        return {};
      },
      RevokeSecurityGroupEgress: ({ GroupId }: { GroupId: string }) => {
        made.find((one) => one.GroupId === GroupId)!.IpPermissionsEgress = [];
        return {};
      },
    };
  });

  test('are made in every VPC of the interfaces: one open to everything, one without rules; a retry makes none', async () => {
    const incident = await approvedIsolation();
    const first = await prepareQuarantine({ incident }, lambdaContext);
    const calls = changes().length;

    expect(first).toEqual({
      pairs: [
        { vpcId: 'vpc-1', openGroupId: 'sg-0', closedGroupId: 'sg-1' },
        { vpcId: 'vpc-2', openGroupId: 'sg-2', closedGroupId: 'sg-3' },
      ],
      interfaces: [0, 1, 2].map((n) => ({ networkInterfaceId: `eni-${n}` })),
    });
    expect(made.map(({ GroupName }) => GroupName)).toEqual(
      ['open', 'closed', 'open', 'closed'].map((side) => `quarantine-${incident.incidentId}-${side}`),
    );
    for (const { IpPermissions, IpPermissionsEgress } of [made[0]!, made[2]!])
      expect([IpPermissions, IpPermissionsEgress]).toEqual([anywhere, anywhere]);
    for (const { IpPermissions, IpPermissionsEgress } of [made[1]!, made[3]!])
      expect([IpPermissions, IpPermissionsEgress]).toEqual([[], []]);
    expect(changes()[0]).toEqual([
      'CreateSecurityGroup',
      {
        GroupName: `quarantine-${incident.incidentId}-open`,
        VpcId: 'vpc-1',
        Description: `Quarantine of incident ${incident.incidentId}, untracks flows`,
        TagSpecifications: [
          {
            ResourceType: 'security-group',
            Tags: [
              { Key: 'incident-playbooks:quarantine-group', Value: 'open' },
              { Key: 'incident-playbooks:incident', Value: incident.incidentId },
            ],
          },
        ],
      },
    ]);
    expect(await savedBefore(incident.incidentId, 'groups')).toMatchObject({
      before: { vpcIds: ['vpc-1', 'vpc-2'] },
      what: 'Creating the quarantine security groups.',
      revert: 'delete them',
    });
    expect(await prepareQuarantine({ incident }, lambdaContext)).toEqual(first);
    expect(changes()).toHaveLength(calls);
  });

  test('are found by their tag, and one that lacks its other half counts with no ID', async () => {
    const group = (GroupId: string, VpcId: string, side: string) => ({
      ...{ GroupId, VpcId },
      Tags: [{ Key: 'incident-playbooks:quarantine-group', Value: side }],
    });
    answers.DescribeSecurityGroups = () => ({
      SecurityGroups: [
        group('sg-1', 'vpc-1', 'open'),
        group('sg-2', 'vpc-1', 'closed'),
        group('sg-3', 'vpc-2', 'open'),
      ],
    });

    expect(await quarantinePairs('inc-1')).toEqual([
      { vpcId: 'vpc-1', openGroupId: 'sg-1', closedGroupId: 'sg-2' },
      { vpcId: 'vpc-2', openGroupId: 'sg-3', closedGroupId: '' },
    ]);
    expect(asked.at(-1)?.[1]).toEqual({ Filters: [{ Name: 'tag:incident-playbooks:incident', Values: ['inc-1'] }] });
  });
});

describe('the evidence', () => {
  const evidenceOf = async (incidentId: string, name: string) =>
    JSON.parse((await readItemOf(`EVIDENCE#${incidentId}`, `EVIDENCE#${name}`))!.json as string);
  beforeEach(() => {
    answers = {
      DescribeNetworkInterfaces: () => ({
        NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Groups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-1' }] }],
      }),
      DescribeSecurityGroups: () => ({ SecurityGroups: [{ GroupId: 'sg-1' }], $metadata: {} }),
      GetConsoleOutput: ({ Latest }: { Latest?: boolean }) => ({ Output: Latest ? 'now' : 'boot', $metadata: {} }),
    };
  });

  test('is the instance, its network and its console, kept in the partition of evidence', async () => {
    const incident = await approvedIsolation();
    await saveEvidence({ incident }, lambdaContext);

    expect(await evidenceOf(incident.incidentId, 'instance')).toMatchObject({
      Reservations: [{ Instances: [{ InstanceId: instanceId }] }],
    });
    expect(await evidenceOf(incident.incidentId, 'network')).toMatchObject({
      NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }],
      SecurityGroups: [{ GroupId: 'sg-1' }],
    });
    expect(await evidenceOf(incident.incidentId, 'console')).toEqual({ Output: 'now' });
    expect(asked.find(([name]) => name === 'DescribeSecurityGroups')?.[1]).toEqual({ GroupIds: ['sg-1'] });
    expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'ENTRY#evidence-kept')).toMatchObject({
      what: 'Saved its metadata, 1 network interface, 1 security group and its console output.',
    });
    expect(changes()).toEqual([]);
  });

  test('has the console of the last boot where the hypervisor has no other; any other error is told', async () => {
    const output = answers.GetConsoleOutput as (input: object) => object;
    answers.GetConsoleOutput = (input: { Latest?: boolean }) => {
      if (input.Latest) throw awsError('UnsupportedOperation');
      return output(input);
    };
    const incident = await approvedIsolation();
    await saveEvidence({ incident }, lambdaContext);

    expect(await evidenceOf(incident.incidentId, 'console')).toEqual({ Output: 'boot' });
    answers.GetConsoleOutput = () => {
      throw awsError('InternalError');
    };
    await expect(saveEvidence({ incident: await approvedIsolation() }, lambdaContext)).rejects.toThrow();
  });
});

describe('the locked copy', () => {
  const put = (VersionId: string | undefined) => ({ PutObject: () => ({ VersionId }) });
  const withEvidence = async () => {
    const incident = await approvedIsolation();
    await putItem({ pk: `EVIDENCE#${incident.incidentId}`, sk: 'EVIDENCE#console', json: '{"Output":"now"}' });
    return incident;
  };
  beforeEach(() => {
    process.env.EVIDENCE_BUCKET = 'evidence';
    answers = put('v1');
  });
  afterEach(() => {
    delete process.env.EVIDENCE_BUCKET;
  });

  test('has record, saved states, evidence and a list of them, each with its version and hash', async () => {
    const incident = await withEvidence();

    expect(await lockEvidence({ incident }, lambdaContext)).toEqual({ isLocked: true });
    const objects = changes().map(([, input]) => input as { Key: string; Body: string; ChecksumSHA256: string });
    const prefix = `isolations/${incident.incidentId}`;
    expect(objects.map(({ Key }) => Key)).toEqual(
      ['incident', 'saved', 'console', 'manifest'].map((name) => `${prefix}/${name}.json`),
    );
    for (const { Body, ChecksumSHA256 } of objects)
      expect(createHash('sha256').update(Body).digest('base64')).toBe(ChecksumSHA256);
    expect(objects[2]).toMatchObject({
      Bucket: 'evidence',
      Body: '{"Output":"now"}',
      ContentType: 'application/json',
    });
    expect(JSON.parse(objects[3]!.Body)).toMatchObject({
      incidentId: incident.incidentId,
      objects: objects.slice(0, 3).map(({ Key }) => ({ key: Key, versionId: 'v1' })),
    });
    const entry = await readItemOf(`EVIDENCE#${incident.incidentId}`, 'ENTRY#evidence-locked');
    expect(entry).toMatchObject({
      what: `Locked a copy of its evidence in s3://evidence/${prefix}/manifest.json (version v1).`,
      before: { bucket: 'evidence', saved: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect((entry!.before as { objects: object[] }).objects).toHaveLength(4);
  });

  test('is none in a stage without a bucket', async () => {
    process.env.EVIDENCE_BUCKET = '';

    expect(await lockEvidence({ incident: await withEvidence() }, lambdaContext)).toEqual({ isLocked: false });
    expect(changes()).toEqual([]);
  });

  test('needs a bucket that keeps versions, and that takes it', async () => {
    answers = put(undefined);
    const incident = await withEvidence();
    await expect(lockEvidence({ incident }, lambdaContext)).rejects.toMatchObject({
      name: 'EvidenceNotLockedError',
      message: expect.stringMatching(/^The bucket keeps no versions of isolations\//),
    });
    answers = {
      PutObject: () => {
        throw awsError('NoSuchBucket');
      },
    };
    await expect(lockEvidence({ incident }, lambdaContext)).rejects.toMatchObject({
      name: 'EvidenceNotLockedError',
      message: expect.stringMatching(/^isolations\/.*\.json was not written: .*NoSuchBucket/),
      cause: { name: 'NoSuchBucket' },
    });
    expect(await readItemOf(`EVIDENCE#${incident.incidentId}`, 'ENTRY#evidence-locked')).toBeUndefined();
  });

  test('of an incident that is closed is not made', async () => {
    const incident = await withEvidence();
    await putItem({ pk: `INCIDENT#${incident.incidentId}`, sk: 'RECORD', ...incident, status: 'CLOSED' });

    await expect(lockEvidence({ incident }, lambdaContext)).rejects.toMatchObject({
      name: 'EvidenceNotLockedError',
      message: `Incident ${incident.incidentId} is not open: nothing was copied.`,
    });
    expect(changes()).toEqual([]);
  });
});

describe('whether the snapshots are as the stage wants them', () => {
  const lock = { mode: 'governance', days: 30, coolOffHours: undefined, words: 'governance mode for 30 days' } as const;
  const accountId = '999988887777';
  beforeEach(() => {
    answers = {
      DescribeLockedSnapshots: ({ SnapshotIds }: { SnapshotIds: string[] }) => ({
        Snapshots: SnapshotIds.includes('snap-1') ? [{ SnapshotId: 'snap-1', LockState: 'governance' }] : [],
      }),
      DescribeSnapshotAttribute: ({ SnapshotId }: { SnapshotId: string }) => ({
        CreateVolumePermissions: SnapshotId === 'snap-1' ? [{ UserId: accountId }] : [{ UserId: '111122223333' }],
      }),
    };
  });

  test('is read from EC2, each by itself', async () => {
    const { missing, notes } = await readSecured(['snap-1', 'snap-2'], { lock, accountId });

    expect(missing).toEqual(['lock of snap-2', `snap-2 shared with account ${accountId}`]);
    expect(notes).toEqual([
      'Snapshots are locked in governance mode for 30 days.',
      expect.stringMatching(/^Snapshots are shared with account 999988887777, and not copied yet: copy them there\./),
    ]);
  });

  test('says nothing of what is not so, nor of what the stage does not want', async () => {
    expect((await readSecured(['snap-2'], { lock, accountId })).notes).toEqual([]);
    expect(await readSecured(['snap-2'], { lock: undefined, accountId: undefined })).toEqual({
      missing: [],
      notes: [],
    });
    expect(await readSecured([], { lock, accountId: undefined })).toEqual({ missing: [], notes: [] });
  });
});
