import type { Stack } from '../../drill/stack/stack';
import { drill, effects, type Given, instanceId, onlyIncident, putAlarmByHand, runaway } from '../fixtures/drill';

const fleet = (change: Record<string, unknown>) => [{ instanceId, symptoms: [runaway], ...change }] as never;
const restartedOnce = (result: Awaited<ReturnType<typeof drill>>) =>
  expect([effects(result, 'StopInstances'), effects(result, 'StartInstances')]).toEqual([1, 1]);
const refused = (command: string, code: string, more: Record<string, unknown> = {}) => ({
  name: 'api-refused',
  command,
  code,
  ...more,
});

describe('row 49: one "not found" is not gone', () => {
  test.each([
    ['DescribeInstances', 'Check eligibility'],
    ['DescribeInstances', 'Stop instance'],
    ['StopInstances', 'Stop instance'],
    ['DescribeInstances', 'Watch stop'],
    ['DescribeInstances', 'Start instance'],
    ['StartInstances', 'Start instance'],
    ['DescribeInstances', 'Watch start'],
    ['DescribeInstanceStatus', 'Watch start'],
    ['DescribeInstanceStatus', 'Check recovery'],
  ])('%s at "%s" is made again', async (command, state) => {
    const result = await drill({ faults: [refused(command, 'InvalidInstanceID.NotFound', { state })] });

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
  });

  test('nor is it at a start, however often, while EC2 shows the instance', async () => {
    // One invocation asks three times; the fourth rejection meets the next one.
    const result = await drill({ faults: [refused('StartInstances', 'InvalidInstanceID.NotFound', { times: 4 })] });

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
  });

  test('looks that agree, seconds apart, are', async () => {
    const always = refused('DescribeInstances', 'InvalidInstanceID.NotFound', {
      state: 'Check eligibility',
      times: 99,
    });
    const result = await drill({ faults: [always] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'GONE', code: 'instance-gone' });
    const looks = result.ledger.filter(
      ({ command, caller }) => command === 'DescribeInstances' && caller?.stateName === 'Check eligibility',
    );
    expect(looks.length).toBeGreaterThan(1);
    expect(looks.at(-1)!.at - looks[0]!.at).toBeGreaterThan(5_000);
  });
});

describe('row 51: what only a start needs and is not to be had now is waited out', () => {
  test.each([
    'IncorrectSpotRequestState',
    'ReservationCapacityExceeded',
    'InsufficientHostCapacity',
    'InsufficientCapacityOnHost',
    'InvalidCapacityReservationState.PendingActivation',
    'DependencyViolation',
    'InstanceLimitExceeded',
    'SomethingThatNobodyHasListedYet',
  ])('%s', async (code) => {
    const result = await drill({ faults: [refused('StartInstances', code, { times: 3 })] });

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
    const starts = result.ledger.filter(({ command }) => command === 'StartInstances').map(({ at }) => at);
    expect(starts.at(-1)! - starts[0]!).toBeGreaterThan(60_000);
  });

  test.each(['linux', 'windows'])('a Spot Instance (%s) rests between its stop and its start', async (platform) => {
    const result = await drill({ fleet: fleet({ spot: 'persistent', platform }) });

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
    const refusals = result.ledger.filter(({ errorName }) => errorName === 'IncorrectSpotRequestState');
    expect(refusals.length).toBeGreaterThan(0);
  });

  test.each(['full-host', 'used-up-reservation', 'vcpu-quota', 'ended-subscription'])(
    'a start that meets a %s leaves the instance stopped, and calls a person',
    async (startMeets) => {
      const result = await drill({ fleet: fleet({ startMeets }), lastsMinutes: 120 });

      expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
    },
  );

  test.each(['UnauthorizedOperation', 'OptInRequired', 'VcpuLimitExceeded', 'UnsupportedOperation'])(
    '%s is for a person: it is not tried over and over',
    async (code) => {
      const result = await drill({ faults: [refused('StartInstances', code, { times: 99 })] });

      expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
      expect(result.ledger.filter(({ command }) => command === 'StartInstances').length).toBeLessThan(4);
    },
  );
});

describe('row 52: a group or a resource that is busy is tried again', () => {
  const member: Given = { fleet: fleet({ autoScalingGroupName: 'web' }), variables: { AUTO_SCALING: 'standby' } };

  test.each([
    ['EnterStandby', 'ScalingActivityInProgress'],
    ['EnterStandby', 'ScalingActivityInProgressFault'],
    ['EnterStandby', 'ResourceContentionFault'],
    ['ExitStandby', 'ScalingActivityInProgress'],
    ['ExitStandby', 'ResourceContention'],
    ['StopInstances', 'IncorrectInstanceState'],
  ])('%s: %s', async (command, code) => {
    const result = await drill({ ...member, faults: [refused(command, code, { times: 2 })] });

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
  });
});

describe('row 56: of a composite alarm, a child in ALARM names the patient', () => {
  const healthy = 'i-0bbbbbbbbbbbbbbb2';
  const prefix = 'restart-instance-dev-';
  /** A composite over alarms of two instances, of which the template's own do not come into it. */
  const composite = (rule: string, set: (stack: Stack) => void) => (stack: Stack) => {
    const { cloudWatch } = stack.cloud;
    for (const { name } of cloudWatch.alarms.all()) cloudWatch.alarms.delete(name);
    putAlarmByHand(stack, 'web-a');
    putAlarmByHand(stack, 'web-b', { Dimensions: [{ Name: 'InstanceId', Value: healthy }] });
    for (const name of ['web-a', 'web-b']) cloudWatch.setState(name, 'OK', 'Threshold not crossed');
    cloudWatch.putCompositeAlarm({ AlarmName: `${prefix}service`, AlarmRule: rule });
    setTimeout(() => set(stack), 30 * 60_000);
  };
  const two: Given = { fleet: [{ instanceId, symptoms: [runaway] }, { instanceId: healthy }] };
  const changed = ({ ledger }: Awaited<ReturnType<typeof drill>>) =>
    ledger.flatMap(({ command, effective, resources }) =>
      command === 'StopInstances' && effective ? [...resources] : [],
    );

  test('also where the rule asks for one that is OK', async () => {
    const set = ({ cloud }: Stack) => cloud.cloudWatch.setState('web-a', 'ALARM', 'Threshold crossed');
    const result = await drill(two, composite('ALARM(web-a) AND OK(web-b)', set));

    expect(onlyIncident(result).instanceId).toBe(instanceId);
    expect(changed(result)).toEqual([instanceId]);
  });

  test('one that is without data names nobody', async () => {
    const set = ({ cloud }: Stack) => cloud.cloudWatch.setState('web-b', 'INSUFFICIENT_DATA', 'No data');
    const result = await drill(two, composite('INSUFFICIENT_DATA(web-b)', set));

    expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'no-instance' });
    expect(changed(result)).toEqual([]);
  });

  test('one that has recovered, while the composite stands for another, is left alone', async () => {
    const set = ({ cloud }: Stack) => {
      cloud.cloudWatch.setState('web-b', 'ALARM', 'Threshold crossed');
      // Before anything is done the other host takes over.
      const look = setInterval(() => {
        if (cloud.ledger.calls('GetMetricData').length === 0) return;
        clearInterval(look);
        cloud.cloudWatch.setState('web-a', 'ALARM', 'Threshold crossed');
        cloud.cloudWatch.setState('web-b', 'OK', 'Threshold not crossed');
      }, 10);
    };
    const result = await drill(
      { ...two, variables: { UNKNOWN_SCORE: 'act' } },
      composite('ALARM(web-a) OR ALARM(web-b)', set),
    );

    expect(changed(result)).not.toContain(healthy);
    expect(result.incidents[0]).toMatchObject({ outcome: 'SKIPPED' });
  });
});

describe('row 57: an opt-in in another case or with spaces', () => {
  const tagged = (key: string, value: string): Given => ({
    fleet: fleet({ tags: { [key]: value } }),
    account: { targetGroups: ['arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef'] },
  });
  const optIn = 'incident-playbooks:enabled';

  test.each(['True', 'TRUE', 'tRuE'])('%s counts, in code and in IAM alike', async (value) => {
    const result = await drill(tagged(optIn, value));

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
  });

  test.each([
    [optIn, ' true'],
    [optIn, 'true '],
    [optIn, 'yes'],
    ['Incident-Playbooks:Enabled', 'true'],
  ])('%s=%j does not: nothing is changed, and the reason shows it', async (key, value) => {
    const result = await drill(tagged(key, value));

    expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'not-opted-in' });
    expect(onlyIncident(result).reason).toContain(JSON.stringify(value));
    expect(result.ledger.filter(({ effective, service }) => effective && service !== 'dynamodb')).toHaveLength(1);
    expect(result.logs.join('\n')).not.toContain('Incident-Playbooks');
  });

  test('a protection under another spelling of its key protects', async () => {
    const tags = { [optIn]: 'true', 'Incident-Playbooks:Protected': 'true' };
    const result = await drill({ fleet: fleet({ tags }) });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'protected' });
  });
});

describe('row 68: an alarm that goes off in the gap of our own stop', () => {
  /** Somebody's heartbeat: missing data is a breach. */
  const heartbeat = (change: Record<string, unknown>) => (stack: Stack) =>
    putAlarmByHand(stack, 'heartbeat', {
      Period: 60,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 2,
      Threshold: 0,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      ...change,
    });
  const slow: Given = {
    fleet: fleet({
      symptoms: [{ metricName: 'StatusCheckFailed_System', heals: 'on-restart', startsAfterSeconds: 300 }],
    }),
    faults: [{ name: 'stop-slow', seconds: 200 }],
  };
  const byMetric =
    (change: Record<string, unknown> = {}) =>
    (stack: Stack) => {
      heartbeat(change)(stack);
      const { input } = stack.cloud.cloudWatch.alarms.require('heartbeat');
      stack.cloud.cloudWatch.putAlarm(input);
    };

  test.each([
    ['of a minute', 200, {}],
    ['of two minutes', 700, { Period: 120 }],
  ])('with periods %s is waited for', async (_what, seconds, change) => {
    const result = await drill({ ...slow, faults: [{ name: 'stop-slow', seconds }] }, byMetric(change));

    expect(result.alarms.some(({ alarmName, state }) => alarmName === 'heartbeat' && state === 'ALARM')).toBe(true);
    expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED', code: 'recovered' });
  });

  test('one that stays is new trouble', async () => {
    const result = await drill(slow, (stack) => {
      heartbeat({})(stack);
      const { cloud } = stack;
      const look = setInterval(() => {
        if (cloud.ledger.calls('StopInstances').length === 0) return;
        clearInterval(look);
        setTimeout(() => cloud.cloudWatch.setState('heartbeat', 'ALARM', 'Threshold crossed'), 60_000);
      }, 1000);
    });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'WORSE', code: 'other-alarms' });
  });
});

test('row 76: the alarm of a series that has gone off is no second incident', async () => {
  const result = await drill({}, (stack) => {
    const { alarms } = stack.cloud.cloudWatch;
    for (const { name } of alarms.all()) alarms.delete(name);
    const Expression = 'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId) GROUP BY InstanceId';
    const name = 'restart-instance-dev-fleet';
    const noMetric = { Namespace: undefined, MetricName: undefined, Dimensions: undefined, Statistic: undefined };
    putAlarmByHand(stack, name, { ...noMetric, Period: undefined, Metrics: [{ Id: 'q', Expression, Period: 300 }] });
    const contributor = { id: 'c1', attributes: { InstanceId: instanceId }, reason: 'Threshold Crossed' };
    setTimeout(() => alarms.enterContributor(name, contributor, 'ALARM'), 30 * 60_000);
  });

  expect(result.executions.length).toBe(2);
  expect(onlyIncident(result)).toMatchObject({ instanceId });
  expect(result.notices).toHaveLength(1);
});

describe('row 55: a Systems Manager document of several steps', () => {
  const patch: Given = {
    playbook: 'patch-instance',
    fleet: [{ instanceId }],
    account: { managed: true },
    starts: { by: 'manual', input: { operation: 'scan' } },
  };
  const holderOf = ({ items }: Awaited<ReturnType<typeof drill>>) =>
    items.find(({ pk, sk }) => pk === `INSTANCE#${instanceId}` && sk === 'GUARD')?.holder;

  test.each(['scan', 'install'])(
    'the status of the command counts in a %s, not that of one step',
    async (operation) => {
      const input = operation === 'scan' ? { operation } : { operation, reboot: 'RebootIfNeeded' };
      const answers = operation === 'scan' ? [] : [{ subject: 'install', answer: 'yes' } as const];
      const result = await drill({ ...patch, starts: { by: 'manual', input }, answers });

      expect(onlyIncident(result).outcome).toBe(operation === 'scan' ? 'SCANNED' : 'PATCHED');
      expect(result.ledger.some(({ command }) => command === 'GetCommandInvocation')).toBe(false);
      expect(holderOf(result)).toBeUndefined();
    },
  );

  test('the lease stays while the command may run, whatever became of the execution', async () => {
    const result = await drill({
      ...patch,
      faults: [{ name: 'api-denied', command: 'ListCommandInvocations' }],
    });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED', code: 'not-authorized' });
    expect(holderOf(result)).toBe(onlyIncident(result).incidentId);
  });

  test('a command that Systems Manager refuses leaves no lease behind', async () => {
    const result = await drill({ ...patch, faults: [{ name: 'api-denied', command: 'SendCommand' }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED', code: 'not-authorized' });
    expect(holderOf(result)).toBeUndefined();
  });
});

describe('row 50: what was just made is waited for', () => {
  const isolation: Given = {
    playbook: 'isolate-instance',
    fleet: [{ instanceId, networkInterfaces: [{}, {}] }] as never,
    starts: { by: 'manual' },
    answers: [{ subject: 'isolate', answer: 'yes' }],
  };

  test.each([
    ['AuthorizeSecurityGroupIngress', 'InvalidGroup.NotFound'],
    ['RevokeSecurityGroupEgress', 'InvalidGroup.NotFound'],
    ['DescribeSecurityGroups', 'InvalidGroup.NotFound'],
    ['ModifyNetworkInterfaceAttribute', 'InvalidGroup.NotFound'],
    ['ModifyNetworkInterfaceAttribute', 'InvalidNetworkInterfaceID.NotFound'],
    ['CreateSnapshots', 'SnapshotCreationPerVolumeRateExceeded'],
    ['CreateSnapshots', 'ConcurrentSnapshotLimitExceeded'],
    ['CreateTags', 'ConcurrentTagAccess'],
  ])('%s: %s, for a while', async (command, code) => {
    const result = await drill({ ...isolation, faults: [refused(command, code, { times: 3 })] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'CONTAINED' });
  });

  test('security groups that are seen nowhere for half a minute, and rules and interfaces that look as before', async () => {
    const result = await drill(isolation, ({ cloud }) => {
      cloud.ec2.consistency.seconds = 30;
    });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'CONTAINED' });
    expect(effects(result, 'CreateSecurityGroup')).toBe(2);
  });

  test('a crash in between makes no second pair of groups, though the first is not seen yet', async () => {
    const faults = [{ name: 'crash-after-call', command: 'CreateSecurityGroup' }];
    const result = await drill({ ...isolation, faults });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'CONTAINED' });
    expect(effects(result, 'CreateSecurityGroup')).toBe(2);
  });
});

describe('row 53: termination protection, which EC2 has not for a Spot Instance', () => {
  const spot: Given = {
    playbook: 'isolate-instance',
    fleet: [{ instanceId, spot: 'persistent', volumes: [{}, { deviceName: '/dev/sdf' }] }] as never,
    starts: { by: 'manual' },
    answers: [{ subject: 'isolate', answer: 'yes' }],
  };

  test('the volumes are kept first, and the rest goes on', async () => {
    let volumes: readonly { deleteOnTermination: boolean }[] = [];
    const result = await drill(spot, ({ cloud }) => {
      volumes = cloud.ec2.find(instanceId)!.volumes;
    });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'CONTAINED' });
    expect(volumes.some(({ deleteOnTermination }) => deleteOnTermination)).toBe(false);
  });

  test('where it is refused for another reason, the volumes are kept all the same, and it is named', async () => {
    const protection = { command: 'ModifyInstanceAttribute', resource: 'DisableApiTermination' };
    const faults = [{ name: 'api-refused', ...protection, code: 'OperationNotPermitted', times: 99 }];
    const result = await drill({ ...spot, fleet: [{ instanceId }], faults });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'PARTIAL' });
    expect(onlyIncident(result).reason).toContain('termination protection');
    expect(onlyIncident(result).reason).not.toContain('deleted on termination');
  });

  test('a release of it has nothing to switch off', async () => {
    const released = await drill({
      ...spot,
      answers: [
        { subject: 'isolate', answer: 'yes' },
        { subject: 'release', answer: 'yes' },
      ],
      follows: [{ playbook: 'release-instance', afterMinutes: 40, input: { isolatedBy: '{incident}' } }],
      lastsMinutes: 60,
    });

    expect(released.incidents.map(({ outcome }) => outcome)).toEqual(['CONTAINED', 'RELEASED']);
  });
});

test("an interface that belongs to a service of AWS is named, and the instance's own is cut off", async () => {
  const result = await drill({
    playbook: 'isolate-instance',
    fleet: [{ instanceId, networkInterfaces: [{}, { requesterManaged: true }] }] as never,
    starts: { by: 'manual' },
    answers: [{ subject: 'isolate', answer: 'yes' }],
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'PARTIAL', reason: expect.stringContaining('AWS service') });
  expect(onlyIncident(result).reason).not.toContain('is not cut off');
});

describe('row 77: bare metal, which takes 40 minutes to stop and as long to start', () => {
  const slow = { instanceType: 'm5.metal', timing: { stopping: [2_400, 2_400], pending: [2_400, 2_400] } };
  const given: Given = { fleet: fleet(slow), lastsMinutes: 240 };

  test('is waited for', async () => {
    const result = await drill(given);

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
  });

  test('is given up in the end', async () => {
    const result = await drill({ ...given, faults: [{ name: 'stop-hangs' }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'stop-hangs' });
    expect(onlyIncident(result).reason).toContain('45 minutes');
  });

  test('another kind that takes as long is given up long before', async () => {
    const result = await drill({ ...given, fleet: fleet({ timing: slow.timing }) });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'stop-hangs' });
    expect(onlyIncident(result).reason).toContain('15 minutes');
  });
});

test('a target group that is deleted meanwhile is named, and the rest goes on', async () => {
  const kept = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';
  const deleted = kept.replace('web', 'old');
  let up: Stack | undefined;
  const result = await drill({ lastsMinutes: 120 }, (stack) => {
    up = stack;
    const { cloud } = stack;
    for (const arn of [deleted, kept]) cloud.loadBalancing.put(arn, instanceId);
    cloud.ec2.lifecycle.onChange(({ state }) => {
      if (state === 'stopped') cloud.loadBalancing.deleteGroup(deleted);
    });
  });

  restartedOnce(result);
  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'not-back-in-service' });
  expect(onlyIncident(result).reason).toContain('which was deleted');
  expect(up!.cloud.loadBalancing.registrations()).toEqual([`${kept} ${instanceId}:80 registered`]);
  expect(result.notices).toHaveLength(1);
});

test('a stop that finds the instance stopped by somebody else, though our look was old, is not ours to start', async () => {
  const faults = [
    { name: 'eventual-consistency', seconds: 60 },
    { name: 'stopped-by-someone-else', before: 'StopInstances' },
  ];
  const result = await drill({ faults });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'stopped-by-others' });
  expect(effects(result, 'StartInstances')).toBe(0);
});

test('contributors that cannot be read are no deleted alarm: nothing is changed, and the error is told', async () => {
  const result = await drill(
    { faults: [refused('DescribeAlarmContributors', 'ResourceNotFoundException', { times: 99 })] },
    (stack) => {
      const { alarms } = stack.cloud.cloudWatch;
      for (const { name } of alarms.all()) alarms.delete(name);
      const Expression = 'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId) GROUP BY InstanceId';
      const noMetric = { Namespace: undefined, MetricName: undefined, Dimensions: undefined, Statistic: undefined };
      const name = 'restart-instance-dev-fleet';
      putAlarmByHand(stack, name, { ...noMetric, Period: undefined, Metrics: [{ Id: 'q', Expression, Period: 300 }] });
      const contributor = { id: 'c1', attributes: { InstanceId: instanceId }, reason: 'Threshold Crossed' };
      setTimeout(() => alarms.enterContributor(name, contributor, 'ALARM'), 30 * 60_000);
    },
  );

  const [incident] = result.incidents.filter(({ code }) => code !== 'told-by-contributors');
  expect(incident).toMatchObject({ outcome: 'FAILED' });
  expect(incident!.reason).toContain('ResourceNotFoundException');
  expect(effects(result, 'StopInstances')).toBe(0);
});

test.each([
  ['a profile of an instance that does not run', { state: 'stopped' }, 'instance profile is not replaced'],
  ['a role whose policies are full', {}, 'sessions of its role are not revoked'],
])('%s is refused by AWS, and named as missing', async (_what, change, missing) => {
  const iamInstanceProfileArn = 'arn:aws:iam::123456789012:instance-profile/web';
  const result = await drill(
    {
      playbook: 'isolate-instance',
      fleet: [{ instanceId, iamInstanceProfileArn, ...change }] as never,
      starts: { by: 'manual' },
      answers: [
        { subject: 'isolate', answer: 'yes' },
        { subject: 'revoke-sessions', answer: 'yes' },
      ],
      variables: { REVOKE_SESSIONS: 'ask' },
    },
    ({ cloud }) => cloud.iam.policies.set('web/own', 'x'.repeat(10_200)),
  );

  expect(onlyIncident(result)).toMatchObject({ outcome: 'PARTIAL', code: 'not-contained' });
  expect(onlyIncident(result).reason).toContain(missing);
});

test.each<[string, object[], object[], string, number]>([
  [
    'a volume of which another snapshot is under way for hours',
    [],
    [{}, { deviceName: '/dev/sdg', size: 500, volumeType: 'st1', othersSnapshotSeconds: 7_200 }],
    '(missing)',
    20,
  ],
  [
    'snapshots that somebody deletes into the Recycle Bin',
    [{ name: 'snapshot-deleted', state: 'Cut flows' }],
    [{}],
    '(deleted; it can be recovered from the Recycle Bin)',
    20,
  ],
  [
    'snapshots that somebody deletes for good',
    [{ name: 'snapshot-deleted', state: 'Cut flows', recycleBin: false }],
    [{}],
    '(missing)',
    30,
  ],
])(
  'the evidence of %s is named as missing, and not waited for until the ceiling',
  async (_what, faults, volumes, words, minutes) => {
    const result = await drill({
      playbook: 'isolate-instance',
      fleet: [{ instanceId, volumes }] as never,
      starts: { by: 'manual' },
      answers: [{ subject: 'isolate', answer: 'yes' }],
      faults: faults as never,
    });
    const incident = onlyIncident(result);

    expect(incident).toMatchObject({ outcome: 'PARTIAL', code: 'not-contained' });
    expect(incident.reason).toMatch(/snapshot of vol-/);
    expect(incident.reason).toContain(words);
    expect(Date.parse(incident.closedAt!) - Date.parse(incident.openedAt!)).toBeLessThan(minutes * 60_000);
  },
);
