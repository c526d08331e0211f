import {
  AssociateAddressCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeSnapshotsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
  DisassociateAddressCommand,
  EC2Client,
  GetConsoleOutputCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RebootInstancesCommand,
  ReplaceIamInstanceProfileAssociationCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { cloudOf, refusal, seconds, timed } from '../../fixtures/cloud';

const start = () => cloudOf(EC2Client);
type Client = ReturnType<typeof start>['client'];
const stopped = async (client: Client, id: string) => {
  await client.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await seconds(90);
};
const startIt = (client: Client, id: string) => refusal(client.send(new StartInstancesCommand({ InstanceIds: [id] })));

test.each([
  ['linux', 120],
  ['windows', 300],
] as const)(
  'a Spot Instance (%s) is not started within %i s of its stop',
  timed(async (platform, rest) => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({ spot: 'persistent', platform });
    await stopped(client, id);

    expect(await startIt(client, id)).toBe('IncorrectSpotRequestState');
    await seconds(rest);
    expect(await startIt(client, id)).toBe('accepted');
  }),
);

test(
  'a Spot request is disabled while its instance is stopped',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({ spot: 'persistent' });
    const state = async () =>
      (await client.send(new DescribeSpotInstanceRequestsCommand({}))).SpotInstanceRequests?.[0]?.State;

    expect(await state()).toBe('active');
    await stopped(client, id);
    expect(await state()).toBe('disabled');
  }),
);

test.each([
  ['full-host', 'InsufficientCapacityOnHost'],
  ['used-up-reservation', 'ReservationCapacityExceeded'],
  ['vcpu-quota', 'VcpuLimitExceeded'],
  ['ended-subscription', 'OptInRequired'],
] as const)(
  'a start that meets a %s is refused: %s',
  timed(async (startMeets, code) => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({ startMeets });
    await stopped(client, id);

    expect(await startIt(client, id)).toBe(code);
  }),
);

test(
  'a state is old for a while, whatever the number of looks, and then is not',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({});
    cloud.ec2.consistency.stateSeconds = 10;
    await client.send(new StopInstancesCommand({ InstanceIds: [id] }));
    const look = async () => {
      const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      return Reservations?.[0]?.Instances?.[0]?.State?.Name;
    };

    expect([await look(), await look(), await look()]).toEqual(['running', 'running', 'running']);
    await seconds(11);
    expect(await look()).toBe('stopping');
  }),
);

test(
  'a filter sees what a description shows',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({});
    cloud.ec2.consistency.stateSeconds = 4;
    await client.send(new StopInstancesCommand({ InstanceIds: [id] }));
    const Filters = [{ Name: 'instance-state-name', Values: ['running'] }];

    expect((await client.send(new DescribeInstancesCommand({ Filters }))).Reservations).toHaveLength(1);
    await seconds(5);
    expect((await client.send(new DescribeInstancesCommand({ Filters }))).Reservations).toHaveLength(0);
  }),
);

test(
  'a tag is deleted only if it has the value that is given, also the empty one',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({ tags: { a: '1', b: '2' } });
    const remove = (Tags: { Key: string; Value?: string }[]) =>
      client.send(new DeleteTagsCommand({ Resources: [id], Tags }));
    await remove([{ Key: 'a', Value: '2' }]);
    await remove([{ Key: 'a', Value: '' }]);

    expect(cloud.ec2.find(id)!.tags.has('a')).toBe(true);
    await remove([{ Key: 'a', Value: '1' }]);
    await remove([{ Key: 'b' }]);
    expect([...cloud.ec2.find(id)!.tags]).toEqual([]);
  }),
);

test(
  "AWS's own tags are kept, and 50 others are the most",
  timed(async () => {
    const { cloud, client } = start();
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'v']));
    const id = cloud.ec2.launch({ tags, autoScalingGroupName: 'web' });
    const Resources = [id];

    expect(await refusal(client.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'new', Value: 'v' }] })))).toBe(
      'TagLimitExceeded',
    );
    expect(
      await refusal(client.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: 'aws:autoscaling:groupName' }] }))),
    ).toBe('InvalidParameterValue');
    await client.send(new DeleteTagsCommand({ Resources }));
    expect([...cloud.ec2.find(id)!.tags.keys()]).toEqual(['aws:autoscaling:groupName']);
  }),
);

test(
  'volumes, interfaces and groups are tagged too',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({});
    const { volumes, interfaces } = cloud.ec2.find(id)!;
    const Resources = [volumes[0]!.volumeId, interfaces[0]!.networkInterfaceId, 'sg-0a1b2c3d4e5f60718'];
    await client.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'a', Value: '1' }] }));

    const { Volumes } = await client.send(new DescribeVolumesCommand({ Filters: [{ Name: 'tag:a', Values: ['1'] }] }));
    expect(Volumes).toHaveLength(1);
  }),
);

test(
  'a host that loses its Elastic IP gets a new public address within minutes, unless it has several interfaces',
  timed(async () => {
    const { cloud, client } = start();
    const one = cloud.ec2.launch({});
    const two = cloud.ec2.launch({ networkInterfaces: [{}, {}] });
    const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}));
    const detach = () =>
      Promise.all(Addresses.map(({ AssociationId }) => client.send(new DisassociateAddressCommand({ AssociationId }))));
    await detach();
    // The same again succeeds.
    await detach();

    expect(cloud.ec2.find(one)!.life.publicIp).toBeUndefined();
    await seconds(200);
    expect(cloud.ec2.find(one)!.life.publicIp).toBeDefined();
    expect(cloud.ec2.find(two)!.life.publicIp).toBeUndefined();
  }),
);

test(
  'an Elastic IP is associated again with the same interface, and with no other unasked',
  timed(async () => {
    const { cloud, client } = start();
    const [a, b] = [cloud.ec2.launch({}), cloud.ec2.launch({})];
    const { allocationId } = cloud.ec2.find(a)!;
    const associate = (id: string) =>
      refusal(
        client.send(
          new AssociateAddressCommand({
            AllocationId: allocationId,
            NetworkInterfaceId: cloud.ec2.find(id)!.interfaces[0]!.networkInterfaceId,
          }),
        ),
      );

    expect(await associate(a)).toBe('accepted');
    expect(await associate(b)).toBe('Resource.AlreadyAssociated');
  }),
);

test(
  'a terminated instance has no volumes, interfaces or Elastic IP left; a volume that is kept is available',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({ volumes: [{}, { deviceName: '/dev/sdf' }] });
    await client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await seconds(60);
    const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const { Addresses } = await client.send(new DescribeAddressesCommand({}));
    const { Volumes } = await client.send(new DescribeVolumesCommand({}));

    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({ BlockDeviceMappings: [], NetworkInterfaces: [] });
    expect(Addresses?.[0]?.InstanceId).toBeUndefined();
    expect(Volumes?.map(({ State }) => State)).toEqual(['available']);
  }),
);

test(
  'protection counts zone by zone where instances are terminated',
  timed(async () => {
    const { cloud, client } = start();
    const kept = cloud.ec2.launch({ disableApiStop: true });
    const beside = cloud.ec2.launch({});
    const elsewhere = cloud.ec2.launch({ availabilityZone: 'us-east-1b' });
    const InstanceIds = [kept, beside, elsewhere];

    expect(await refusal(client.send(new TerminateInstancesCommand({ InstanceIds })))).toBe('OperationNotPermitted');
    expect(InstanceIds.map((id) => cloud.ec2.find(id)!.state)).toEqual(['running', 'running', 'shutting-down']);
  }),
);

test(
  'a reboot passes over what is terminated, and bare metal fails its check meanwhile',
  timed(async () => {
    const { cloud, client } = start();
    const gone = cloud.ec2.launch({ state: 'terminated' });
    const metal = cloud.ec2.launch({ instanceType: 'm5.metal' });
    await client.send(new RebootInstancesCommand({ InstanceIds: [gone, metal] }));
    await seconds(300);
    const { InstanceStatuses } = await client.send(new DescribeInstanceStatusCommand({ InstanceIds: [metal] }));

    expect(InstanceStatuses?.[0]?.InstanceStatus?.Status).toBe('impaired');
  }),
);

test(
  'a start without capacity may be accepted, and go back to stopped',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({});
    await stopped(client, id);
    Object.assign(cloud.ec2.conditions, { capacityRefusals: 1, capacityShowsLate: true });

    expect(await startIt(client, id)).toBe('accepted');
    await seconds(60);
    expect(cloud.ec2.find(id)!.life).toMatchObject({
      state: 'stopped',
      stateReason: { Code: 'Server.InsufficientInstanceCapacity' },
    });
  }),
);

test(
  'a snapshot that fails takes the whole set with it, and five a volume are the most at once',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({ volumes: [{}, { deviceName: '/dev/sdf', encrypted: true }] });
    const take = () => client.send(new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: id } }));
    cloud.ec2.snapshots.failing.add(cloud.ec2.find(id)!.volumes[1]!.volumeId);
    await take();
    await seconds(200);
    const { Snapshots } = await client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));

    expect(Snapshots?.map(({ State, Encrypted }) => [State, Encrypted])).toEqual([
      ['error', false],
      ['error', true],
    ]);
    for (let n = 0; n < 5; n += 1) await take();
    expect(await refusal(take())).toBe('ConcurrentSnapshotLimitExceeded');
  }),
);

test(
  'an instance type is what it is, and one that EC2 has not is refused',
  timed(async () => {
    const { client } = start();
    const facts = async (type: string) => {
      const { InstanceTypes } = await client.send(new DescribeInstanceTypesCommand({ InstanceTypes: [type as never] }));
      const { InstanceStorageSupported, BareMetal } = InstanceTypes![0]!;
      return [InstanceStorageSupported, BareMetal];
    };

    expect(await facts('m5d.large')).toEqual([true, false]);
    expect(await facts('i3.metal')).toEqual([true, true]);
    expect(await facts('t3.medium')).toEqual([false, false]);
    expect(await refusal(facts('t9.huge'))).toBe('InvalidInstanceType');
  }),
);

test.each(['mac2.metal', 'huge'])('%s is not simulated, and says so', (instanceType) => {
  expect(() => start().cloud.ec2.launch({ instanceType })).toThrow(instanceType);
});

test(
  'an encrypted volume has a key, also where none was named',
  timed(async () => {
    const { cloud, client } = start();
    cloud.ec2.launch({ volumes: [{ encrypted: true }] });
    const { Volumes } = await client.send(new DescribeVolumesCommand({}));

    expect(Volumes?.[0]?.KmsKeyId).toMatch(/^arn:aws:kms:us-east-1:123456789012:key\//);
  }),
);

test(
  'the latest console output is for Nitro instances',
  timed(async () => {
    const { cloud, client } = start();
    const read = (instanceType: string) =>
      refusal(
        client.send(new GetConsoleOutputCommand({ InstanceId: cloud.ec2.launch({ instanceType }), Latest: true })),
      );

    expect([await read('t3.medium'), await read('t2.micro')]).toEqual(['accepted', 'UnsupportedOperation']);
  }),
);

test(
  'an instance profile is swapped on a running instance, for one that exists, and is associating first',
  timed(async () => {
    const { cloud, client } = start();
    const arn = (name: string) => `arn:aws:iam::123456789012:instance-profile/${name}`;
    const id = cloud.ec2.launch({ iamInstanceProfileArn: arn('web') });
    cloud.iam.seed(arn('quarantine'));
    const association = async () =>
      (await client.send(new DescribeIamInstanceProfileAssociationsCommand({}))).IamInstanceProfileAssociations![0]!;
    const swap = async (name: string, AssociationId?: string) =>
      refusal(
        client.send(
          new ReplaceIamInstanceProfileAssociationCommand({
            AssociationId: AssociationId ?? (await association()).AssociationId!,
            IamInstanceProfile: { Arn: arn(name) },
          }),
        ),
      );
    const old = (await association()).AssociationId;

    expect(await swap('unknown')).toBe('InvalidParameterValue');
    expect(await swap('quarantine')).toBe('accepted');
    expect((await association()).State).toBe('associating');
    expect(await swap('web', old)).toBe('InvalidAssociationID.NotFound');
    await seconds(10);
    expect((await association()).State).toBe('associated');
    await stopped(client, id);
    expect(await swap('web')).toBe('IncorrectInstanceState');
  }),
);

test(
  'a device that is not there is refused by its own name',
  timed(async () => {
    const { cloud, client } = start();
    const InstanceId = cloud.ec2.launch({});
    const BlockDeviceMappings = [{ DeviceName: '/dev/sdz', Ebs: { DeleteOnTermination: false } }];

    expect(await refusal(client.send(new ModifyInstanceAttributeCommand({ InstanceId, BlockDeviceMappings })))).toBe(
      'InvalidInstanceAttributeValue',
    );
  }),
);

test(
  'everything is listed unless a page is asked for, which is not asked for beside ids',
  timed(async () => {
    const { cloud, client } = start();
    const ids = Array.from({ length: 7 }, () => cloud.ec2.launch({}));
    const list = (input: object) => client.send(new DescribeInstancesCommand(input));

    expect((await list({})).NextToken).toBeUndefined();
    expect((await list({ MaxResults: 5 })).NextToken).toBe('5');
    expect(await refusal(list({ MaxResults: 4 }))).toBe('InvalidParameterValue');
    expect(await refusal(list({ MaxResults: 5, InstanceIds: ids }))).toBe('InvalidParameterCombination');
  }),
);

test(
  'attributes and tags are old for a while too, where a drill says so',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({});
    cloud.ec2.consistency.oldSeconds = 30;
    await client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: '1' }] }));
    const BlockDeviceMappings = [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: false } }];
    await client.send(new ModifyInstanceAttributeCommand({ InstanceId: id, BlockDeviceMappings }));
    const look = async () => {
      const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      const { Tags, BlockDeviceMappings: seen } = Reservations![0]!.Instances![0]!;
      return [Tags!.some(({ Key }) => Key === 'a'), seen![0]!.Ebs!.DeleteOnTermination];
    };

    expect(await look()).toEqual([false, true]);
    await seconds(31);
    expect(await look()).toEqual([true, false]);
  }),
);

test(
  'a security group that has just been given up cannot be deleted at once, and one is made in a VPC that exists',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch({ networkInterfaces: [{ securityGroups: ['sg-00000000000000001'] }] });
    cloud.ec2.launch({});
    const { networkInterfaceId } = cloud.ec2.find(id)!.interfaces[0]!;
    const Groups = ['sg-0a1b2c3d4e5f60718'];
    await client.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: networkInterfaceId, Groups }));
    const remove = () => refusal(client.send(new DeleteSecurityGroupCommand({ GroupId: 'sg-00000000000000001' })));

    expect(await remove()).toBe('DependencyViolation');
    await seconds(5);
    expect(await remove()).toBe('accepted');
    const made = { GroupName: 'x', Description: 'x', VpcId: 'vpc-0fffffffffffffff0' };
    expect(await refusal(client.send(new CreateSecurityGroupCommand(made)))).toBe('InvalidVpcID.NotFound');
  }),
);

test(
  'of an st1 or sc1 volume one snapshot is under way at a time, those of others included',
  timed(async () => {
    const { cloud, client } = start();
    const volumes = [{}, { deviceName: '/dev/sdg', size: 500, volumeType: 'st1' as const, othersSnapshotSeconds: 300 }];
    const id = cloud.ec2.launch({ volumes });
    const take = () => refusal(client.send(new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: id } })));

    expect(await take()).toBe('ConcurrentSnapshotLimitExceeded');
    await seconds(300);
    expect(await take()).toBe('accepted');
    expect(await take()).toBe('ConcurrentSnapshotLimitExceeded');
    const { Volumes } = await client.send(new DescribeVolumesCommand({}));
    expect(Volumes?.map(({ VolumeType }) => VolumeType)).toEqual(['gp3', 'st1']);
  }),
);

test(
  'a snapshot that somebody deletes is in the Recycle Bin until it is recovered, or is not found',
  timed(async () => {
    const { cloud, client } = start();
    const id = cloud.ec2.launch();
    await client.send(new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: id } }));
    await seconds(180);
    const snapshotId = cloud.ec2.snapshots.taken[0]!.id;
    const state = async () =>
      (await client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))).Snapshots?.map(({ State }) => State);

    cloud.ec2.snapshots.deleteByOthers(snapshotId, { recycleBin: true });
    expect(await state()).toEqual(['recoverable']);
    cloud.ec2.snapshots.recoverByOthers(snapshotId);
    expect(await state()).toEqual(['recovering']);
    await seconds(60);
    expect(await state()).toEqual(['completed']);
    cloud.ec2.snapshots.deleteByOthers(snapshotId, { recycleBin: false });
    expect(await state()).toEqual([]);
    const named = client.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] }));
    expect(await refusal(named)).toBe('InvalidSnapshot.NotFound');
  }),
);

test('T3 with unlimited credits on a Dedicated Host is refused: no document says what EC2 answers', () => {
  const { cloud } = start();
  const host = { tenancy: 'host' as const };

  expect(() => cloud.ec2.launch({ ...host, cpuCredits: 'unlimited' })).toThrow(/no t3\.medium with unlimited/);
  expect(cloud.ec2.launch({ ...host, cpuCredits: 'standard' })).toMatch(/^i-/);
  expect(cloud.ec2.launch({ cpuCredits: 'unlimited' })).toMatch(/^i-/);
});
