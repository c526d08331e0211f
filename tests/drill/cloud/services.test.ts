import {
  AutoScalingClient,
  DescribeAutoScalingInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmContributorsCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DeleteRolePolicyCommand,
  GetInstanceProfileCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetIPSetCommand, UpdateIPSetCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { statusOf, throttlingNameOf } from '../../../drill/cloud/behaviour/status';
import { defaultKeyArn } from '../../../drill/cloud/kms/aws-managed';
import { rateOf } from '../../../drill/cloud/rates';
import { statesModel } from '../../../drill/cloud/states/model';
import { TaskTokens } from '../../../drill/stack/task-tokens';
import { cloudOf, refusal, seconds, timed } from '../../fixtures/cloud';

const group = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';

describe('Auto Scaling', () => {
  test(
    'a member drains for five minutes before it is in Standby, and is pending on its way back',
    timed(async () => {
      const { cloud, client } = cloudOf(AutoScalingClient);
      const id = cloud.ec2.launch({});
      const lifecycle = async () => {
        const asked = new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] });
        return (await client.send(asked)).AutoScalingInstances?.[0]?.LifecycleState;
      };
      cloud.autoScaling.join('web', id);
      cloud.autoScaling.groups.get('web')!.targetGroupArns.push(group);
      cloud.loadBalancing.put(group, id);
      const moved = { AutoScalingGroupName: 'web', InstanceIds: [id] };
      await client.send(new EnterStandbyCommand({ ...moved, ShouldDecrementDesiredCapacity: true }));

      expect(await lifecycle()).toBe('EnteringStandby');
      expect(await refusal(client.send(new ExitStandbyCommand(moved)))).toBe('ValidationError');
      await seconds(330);
      expect(await lifecycle()).toBe('Standby');
      expect(cloud.loadBalancing.registrations()).toEqual([]);
      await client.send(new ExitStandbyCommand(moved));
      expect(await lifecycle()).toBe('Pending');
      await seconds(30);
      expect(await lifecycle()).toBe('InService');
      expect(cloud.loadBalancing.registrations()).toEqual([`${group} ${id}:80 registered`]);
    }),
  );

  test(
    'a member that is stopped is replaced; one in Standby is left alone',
    timed(async () => {
      const { cloud, client } = cloudOf(AutoScalingClient);
      const [serving, resting] = [cloud.ec2.launch({}), cloud.ec2.launch({})];
      for (const id of [serving, resting]) cloud.autoScaling.join('web', id, 2);
      const moved = { AutoScalingGroupName: 'web', InstanceIds: [resting], ShouldDecrementDesiredCapacity: true };
      await client.send(new EnterStandbyCommand(moved));
      await seconds(30);
      for (const id of [serving, resting]) cloud.ec2.lifecycle.stop(cloud.ec2.find(id)!, { force: false });
      await seconds(400);

      expect([serving, resting].map((id) => cloud.ec2.find(id)!.state)).toEqual(['terminated', 'stopped']);
      const members = [...cloud.autoScaling.groups.get('web')!.members];
      expect(members.map(([, state]) => state)).toEqual(['Standby', 'InService']);
    }),
  );
});

describe('load balancing', () => {
  const setUp = () => {
    const { cloud, client } = cloudOf(ElasticLoadBalancingV2Client);
    const id = cloud.ec2.launch({});
    cloud.loadBalancing.others = 0;
    cloud.loadBalancing.put(group, id);
    const health = async () => {
      const { TargetHealthDescriptions } = await client.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: group }),
      );
      return TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State);
    };
    const stop = () => cloud.ec2.lifecycle.stop(cloud.ec2.find(id)!, { force: false });
    return { cloud, client, stop, health, named: { TargetGroupArn: group, Targets: [{ Id: id, Port: 80 }] } };
  };

  test(
    'a target drains for 300 s, and one whose instance is stopped is unused',
    timed(async () => {
      const { client, stop, health, named } = setUp();
      expect(await health()).toEqual(['healthy']);
      stop();
      expect(await health()).toEqual(['unused']);
      await client.send(new DeregisterTargetsCommand(named));
      await seconds(299);
      expect(await health()).toEqual(['draining']);
      await seconds(2);
      expect(await health()).toEqual([]);
    }),
  );

  test(
    'only running instances are registered',
    timed(async () => {
      const { client, stop, named } = setUp();
      stop();

      expect(await refusal(client.send(new RegisterTargetsCommand(named)))).toBe('InvalidTargetException');
    }),
  );

  test(
    'target groups come in pages',
    timed(async () => {
      const { cloud, client } = setUp();
      for (let n = 0; n < 401; n += 1) cloud.loadBalancing.put(`${group}${n}`, 'i-0123456789abcdef0');
      const first = await client.send(new DescribeTargetGroupsCommand({}));
      const second = await client.send(new DescribeTargetGroupsCommand({ Marker: first.NextMarker }));

      expect([first.TargetGroups?.length, second.TargetGroups?.length]).toEqual([400, 2]);
    }),
  );
});

describe('IAM', () => {
  const arn = (name: string) => `arn:aws:iam::123456789012:instance-profile/path/${name}`;

  test(
    'a profile that nobody made is unknown, and one that was just made is for a while',
    timed(async () => {
      const { cloud, client } = cloudOf(IAMClient);
      cloud.iam.create(arn('new'), 'role');
      const read = (InstanceProfileName: string) => client.send(new GetInstanceProfileCommand({ InstanceProfileName }));

      expect([await refusal(read('none')), await refusal(read('new'))]).toEqual([
        'NoSuchEntityException',
        'NoSuchEntityException',
      ]);
      await seconds(15);
      expect((await read('new')).InstanceProfile?.Roles?.[0]?.RoleName).toBe('role');
    }),
  );

  test(
    'the inline policies of a role have 10,240 characters together, white space aside',
    timed(async () => {
      const { cloud, client } = cloudOf(IAMClient);
      cloud.iam.seed(arn('web'), 'web');
      const put = (PolicyName: string, size: number) => {
        const PolicyDocument = `${'x'.repeat(size)}  \n`;
        return refusal(client.send(new PutRolePolicyCommand({ RoleName: 'web', PolicyName, PolicyDocument })));
      };

      expect([await put('a', 10_000), await put('b', 240), await put('c', 1)]).toEqual([
        'accepted',
        'accepted',
        'LimitExceededException',
      ]);
    }),
  );
});

test(
  'a policy that revokes sessions is in force a while after it was written, and so is its end',
  timed(async () => {
    const { cloud, client } = cloudOf(IAMClient);
    cloud.iam.seed('arn:aws:iam::123456789012:instance-profile/web', 'web');
    const policy = { RoleName: 'web', PolicyName: 'revoke' };
    const began = Date.now() - 3_600_000;
    const before = new Date().toISOString();
    const Statement = {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
    };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
    const isRevoked = () => cloud.iam.isRevoked('web', began);

    await client.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    expect(isRevoked()).toBe(false);
    await seconds(15);
    expect([isRevoked(), cloud.iam.isRevoked('web', Date.now()), cloud.iam.isRevoked('other', began)]).toEqual([
      true,
      false,
      false,
    ]);
    await client.send(new DeleteRolePolicyCommand(policy));
    expect(isRevoked()).toBe(true);
    await seconds(15);
    expect(isRevoked()).toBe(false);
  }),
);

test(
  'KMS knows keys by alias, and whose they are',
  timed(async () => {
    const { cloud, client } = cloudOf(KMSClient);
    const key = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';
    cloud.kms.setAlias('alias/app', key);
    const read = (KeyId: string) => client.send(new DescribeKeyCommand({ KeyId }));
    const own = defaultKeyArn({ region: 'us-east-1', account: '123456789012' });

    expect((await read('alias/app')).KeyMetadata).toMatchObject({ Arn: key, KeyManager: 'CUSTOMER' });
    expect(await refusal(read('alias/none'))).toBe('NotFoundException');
    expect((await read(own)).KeyMetadata?.KeyManager).toBe('AWS');
  }),
);

test(
  'a callback is refused by the code of its reason',
  timed(async () => {
    const { cloud, client } = cloudOf(SFNClient);
    const tokens = new TaskTokens(() => 'AAAA');
    cloud.add(statesModel(tokens));
    const own = tokens.contextObject().Task.Token;
    const answer = (taskToken: string, output: string) =>
      refusal(client.send(new SendTaskSuccessCommand({ taskToken, output })));

    expect(await answer('not a token', '{}')).toBe('InvalidToken');
    expect(await answer('BBBB', '{}')).toBe('TaskDoesNotExist');
    expect(await answer(own, '{')).toBe('InvalidOutput');
    expect(await answer(own, JSON.stringify('x'.repeat(262_144)))).toBe('InvalidOutput');
    expect(await answer(own, '{}')).toBe('accepted');
    expect(await answer(own, '{}')).toBe('TaskTimedOut');
  }),
);

describe('WAF', () => {
  const named = { Id: 'id', Name: 'blocked', Scope: 'REGIONAL' } as const;
  const setUp = () => {
    const { cloud, client } = cloudOf(WAFV2Client);
    cloud.waf.put('id', 'blocked');
    const update = (Addresses: string[], LockToken = 'lock-1') =>
      refusal(client.send(new UpdateIPSetCommand({ ...named, Addresses, LockToken })));
    return { cloud, client, update };
  };

  test(
    'a set is found by its ID, name and scope together',
    timed(async () => {
      const { client } = setUp();
      const get = (change: object) => refusal(client.send(new GetIPSetCommand({ ...named, ...change })));

      expect([await get({}), await get({ Name: 'other' }), await get({ Scope: 'CLOUDFRONT' })]).toEqual([
        'accepted',
        'WAFNonexistentItemException',
        'WAFNonexistentItemException',
      ]);
    }),
  );

  test.each([
    ['everything', ['0.0.0.0/0'], 'WAFInvalidParameterException'],
    ['the other family', ['2001:db8::/32'], 'WAFInvalidParameterException'],
    ['an address without a prefix', ['192.0.2.1'], 'WAFInvalidParameterException'],
    ['10,001 of them', Array.from({ length: 10_001 }, () => '192.0.2.1/32'), 'WAFLimitsExceededException'],
  ])('%s is refused', (_what, addresses, code) =>
    timed(async () => {
      expect(await setUp().update(addresses)).toBe(code);
    })(),
  );

  test(
    'an address is in force a while after it was added; meanwhile the set may be read as it was, with its former lock',
    timed(async () => {
      const { cloud, client, update } = setUp();
      cloud.waf.oldSeconds = 5;
      const read = () => client.send(new GetIPSetCommand(named));

      expect(await update(['192.0.2.1/32'])).toBe('accepted');
      expect([(await read()).IPSet?.Addresses, cloud.waf.isInForce('id', '192.0.2.1/32')]).toEqual([[], false]);
      await seconds(2);
      expect(await update(['192.0.2.2/32'], (await read()).LockToken)).toBe('WAFOptimisticLockException');
      await seconds(5);
      expect((await read()).IPSet?.Addresses).toEqual(['192.0.2.1/32']);
      await seconds(5);
      expect(cloud.waf.isInForce('id', '192.0.2.1/32')).toBe(true);
    }),
  );

  test(
    'one update a second is let through, and a description that is left out is lost',
    timed(async () => {
      const { cloud, update } = setUp();

      expect(await update(['192.0.2.1/32'])).toBe('accepted');
      expect(cloud.waf.descriptionOf('id')).toBeUndefined();
      expect(await update([], 'lock-2')).toBe('ThrottlingException');
      await seconds(1);
      expect(await update([], 'lock-2')).toBe('accepted');
    }),
  );
});

describe('CloudWatch', () => {
  test(
    'alarms are deleted though another name is unknown',
    timed(async () => {
      const { cloud, client } = cloudOf(CloudWatchClient);
      cloud.cloudWatch.putAlarm({
        AlarmName: 'a',
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Statistic: 'Average',
      });
      await client.send(new DeleteAlarmsCommand({ AlarmNames: ['none', 'a'] }));

      expect(cloud.cloudWatch.alarms.all()).toEqual([]);
    }),
  );

  test(
    'contributors of an unknown alarm are another error than the alarm itself',
    timed(async () => {
      const { client } = cloudOf(CloudWatchClient);
      const call = client.send(new DescribeAlarmContributorsCommand({ AlarmName: 'none' }));

      expect(await refusal(call)).toBe('ResourceNotFoundException');
    }),
  );

  test(
    'five-minute points are kept for 63 days, hourly ones for longer',
    timed(async () => {
      const { cloud, client } = cloudOf(CloudWatchClient);
      const Dimensions = [{ Name: 'InstanceId', Value: cloud.ec2.launch({ launchedSecondsAgo: 100 * 86_400 }) }];
      const Metric = { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Dimensions };
      const now = Date.now();
      const oldest = async (Period: number) => {
        const { MetricDataResults } = await client.send(
          new GetMetricDataCommand({
            StartTime: new Date(now - 90 * 86_400_000),
            EndTime: new Date(now),
            MetricDataQueries: [{ Id: 'q', MetricStat: { Metric, Period, Stat: 'Average' } }],
          }),
        );
        return Math.round((now - MetricDataResults![0]!.Timestamps!.at(-1)!.getTime()) / 86_400_000);
      };

      expect([await oldest(300), await oldest(3_600)]).toEqual([63, 90]);
    }),
  );
});

test('codes come with the status that AWS sends them with, throttling under the name of the service', () => {
  expect(statusOf('ec2', 'InsufficientInstanceCapacity')).toBe(500);
  expect(statusOf('ec2', 'IncorrectInstanceState')).toBe(400);
  expect(statusOf('auto-scaling', 'ResourceContentionFault')).toBe(500);
  expect(statusOf('ec2', 'RequestLimitExceeded')).toBe(503);
  const services = ['kms', 'ssm', 'states', 'wafv2'] as const;
  expect(new Set(services.map(throttlingNameOf))).toEqual(new Set(['ThrottlingException']));
  expect(throttlingNameOf('cloudwatch')).toBe('Throttling');
});

test('EC2 counts a Get as a read, few reads as unfiltered, and tags by their own rate', () => {
  const rate = (command: string) => rateOf('ec2', command, {})?.rate;

  expect(rate('GetConsoleOutput')).toEqual({ burst: 100, perSecond: 20 });
  expect(rate('DescribeInstances')).toEqual({ burst: 50, perSecond: 10 });
  expect(rate('DescribeVpcs')).toEqual({ burst: 100, perSecond: 20 });
  expect(rate('CreateTags')).toEqual({ burst: 100, perSecond: 10 });
});
