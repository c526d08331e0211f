import { drill, effects, instanceId, onlyIncident, runaway } from '../fixtures/drill';

const optedIn = { 'incident-playbooks:enabled': 'true' };
const fleet = (change: Record<string, unknown>) => [{ instanceId, ailments: [runaway], ...change }] as never;
const restartedOnce = (result: Awaited<ReturnType<typeof drill>>) =>
  expect([effects(result, 'StopInstances'), effects(result, 'StartInstances')]).toEqual([1, 1]);

test('row 7: an instance terminated mid-run ends as GONE, and polling stops', async () => {
  const result = await drill({ faults: [{ name: 'terminated-mid-run', after: 'StopInstances' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'GONE' });
  expect(result.ledger.some(({ command }) => command === 'StartInstances')).toBe(false);
  const gone = result.instances[0]?.states.find(({ state }) => state === 'shutting-down')?.at ?? 0;
  const looks = result.ledger.filter(({ command, at }) => command === 'DescribeInstances' && at > gone);
  expect(looks).toHaveLength(1);
});

test('row 8: an instance that somebody else has stopped is not ours to start', async () => {
  const result = await drill({ faults: [{ name: 'stopped-by-someone-else', before: 'DescribeInstances' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'stopped-by-others' });
  expect(effects(result, 'StartInstances')).toBe(0);
});

test('row 8: nor one that somebody else stops between the check and our stop', async () => {
  const result = await drill({ faults: [{ name: 'stopped-by-someone-else', before: 'GetMetricData' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'stopped-by-others' });
  expect(effects(result, 'StartInstances')).toBe(0);
});

test('row 9: an instance that is still pending is left alone, and nothing waits for it', async () => {
  const starts = { by: 'hand' as const };
  const result = await drill({
    fleet: [{ instanceId, state: 'pending', timing: { pending: [600, 600] } }] as never,
    starts,
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'still-pending' });
});

describe('row 10: a stop that hangs', () => {
  test('calls a person where the owner has not allowed force', async () => {
    const result = await drill({ faults: [{ name: 'stop-hangs' }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'stop-hangs' });
    expect(result.ledger.some(({ input }) => (input as { Force?: boolean }).Force)).toBe(false);
  });

  test('is forced where the owner has allowed it', async () => {
    const tags = { ...optedIn, 'incident-playbooks:allow-force-stop': 'true' };
    const result = await drill({ fleet: fleet({ tags }), faults: [{ name: 'stop-hangs' }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED' });
    const stops = result.ledger.filter(({ command }) => command === 'StopInstances');
    expect(stops.map(({ input }) => (input as { Force?: boolean }).Force ?? false)).toEqual([false, true]);
  });

  test('even by force calls a person', async () => {
    const tags = { ...optedIn, 'incident-playbooks:allow-force-stop': 'true' };
    const result = await drill({ fleet: fleet({ tags }), faults: [{ name: 'stop-hangs', forcedToo: true }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'stop-hangs' });
  });
});

test('row 11: IncorrectInstanceState is answered by looking again, and the one start takes effect', async () => {
  const result = await drill({
    faults: [{ name: 'api-refused', command: 'StartInstances', code: 'IncorrectInstanceState' }],
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED' });
  restartedOnce(result);
  const asked = result.ledger.filter(({ command }) => /^(StartInstances|DescribeInstances)$/.test(command));
  const first = asked.findIndex(({ command }) => command === 'StartInstances');
  expect(asked.slice(first, first + 3).map(({ command }) => command)).toEqual([
    'StartInstances',
    'DescribeInstances',
    'StartInstances',
  ]);
});

describe('row 12: missing capacity', () => {
  test('is waited out, over minutes', async () => {
    const result = await drill({ faults: [{ name: 'insufficient-capacity', times: 4 }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED' });
    const starts = result.ledger.filter(({ command }) => command === 'StartInstances').map(({ at }) => at);
    expect(starts).toHaveLength(5);
    expect(starts.at(-1)! - starts[0]!).toBeGreaterThan(3 * 60_000);
  });

  test('that does not come back calls a person', async () => {
    const result = await drill({ faults: [{ name: 'insufficient-capacity', times: 500 }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
    expect(onlyIncident(result).reason).toContain('capacity');
    expect(result.notices).toHaveLength(1);
  });
});

test('row 15: nor is such a start made twice when its answer is lost', async () => {
  const volumes = [{ kmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555' }];
  const lost = { name: 'late-answer', command: 'StartInstances', seconds: 70 };
  const timing = { pending: [5, 10] };
  const result = await drill({ fleet: fleet({ volumes, timing }), faults: [{ name: 'kms-grant-missing' }, lost] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'did-not-start' });
  expect(effects(result, 'StartInstances')).toBe(1);
});

test('row 15: a start that goes back to stopped for want of a grant is seen and told', async () => {
  const volumes = [
    { kmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555', encrypted: true },
  ];
  const result = await drill({ fleet: fleet({ volumes }), faults: [{ name: 'kms-grant-missing' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'did-not-start' });
  expect(onlyIncident(result).reason).toContain('Client.InternalError');
});

describe('refused before anything is done:', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['row 16: an instance-store root', 'instance-store-root', { rootDeviceType: 'instance-store' }],
    [
      'row 17: an instance-store data volume',
      'instance-store-data',
      { instanceStoreVolumes: 1, instanceType: 'm5d.large' },
    ],
    ['row 18: an Auto Scaling member', 'auto-scaling-member', { autoScalingGroupName: 'web' }],
    ['row 19: a one-time Spot instance', 'one-time-spot', { spot: 'one-time' }],
    ['row 20: stop protection', 'stop-protection', { disableApiStop: true }],
    ['row 35: an untagged instance', 'not-opted-in', { tags: {} }],
    ['row 35: a protected instance', 'protected', { tags: { ...optedIn, 'incident-playbooks:protected': 'true' } }],
  ])('%s', async (_row, code, change) => {
    const result = await drill({ fleet: fleet(change) });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code });
    expect(result.ledger.filter(({ service, mutating }) => service === 'ec2' && mutating)).toEqual([]);
  });
});

test('row 17: unless the owner allows the loss', async () => {
  const tags = { ...optedIn, 'incident-playbooks:allow-instance-store-loss': 'true' };
  const result = await drill({ fleet: fleet({ instanceStoreVolumes: 1, instanceType: 'm5d.large', tags }) });

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
});

/** What serves in an Auto Scaling group that the stage may take members out of. */
const inGroup = { fleet: fleet({ autoScalingGroupName: 'web' }), variables: { AUTO_SCALING: 'standby' } };

test('row 18: a member that is not well after its start stays in Standby, and a person is told that it does', async () => {
  const result = await drill({ ...inGroup, faults: [{ name: 'status-checks-fail-after-start' }] });

  expect(result.incidents[0]).toMatchObject({ outcome: 'FAILED', code: 'unhealthy-after-start' });
  expect(result.incidents[0]?.reason).toContain('still out of service');
  expect(effects(result, 'ExitStandby')).toBe(0);
});

test('row 18: a member whose alarm recovers before the stop goes back into service', async () => {
  const result = await drill({ ...inGroup, faults: [{ name: 'alarm-recovers', after: 'EnterStandby' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'alarm-recovered' });
  expect(['EnterStandby', 'StopInstances', 'ExitStandby'].map((command) => effects(result, command))).toEqual([
    1, 0, 1,
  ]);
});

test('row 21: hibernation is configured, and a plain stop is used', async () => {
  const result = await drill({ fleet: fleet({ hibernation: true }) });

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  const [stop] = result.ledger.filter(({ command }) => command === 'StopInstances');
  expect(stop?.input).toEqual({ InstanceIds: [instanceId] });
});

describe('row 22: an address that changes', () => {
  test('is recorded', async () => {
    const result = await drill({ fleet: fleet({ elasticIp: false }) });

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    expect(result.notices[0]?.message).toContain('changes with a stop and start');
  });

  test('is refused where the stage says so', async () => {
    const result = await drill({ fleet: fleet({ elasticIp: false }), variables: { ADDRESS_CHANGE: 'refuse' } });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'address-changes' });
  });
});

test('row 23: status checks that fail after the start end FAILED, are told, and nothing goes round in circles', async () => {
  const result = await drill({ faults: [{ name: 'status-checks-fail-after-start' }] });

  expect(result.incidents[0]).toMatchObject({ outcome: 'FAILED', code: 'unhealthy-after-start' });
  expect(result.notices[0]?.subject).toContain('FAILED');
  restartedOnce(result);
});

test('row 36: an opt-in that is withdrawn mid-run stops the next change, and the stopped instance is escalated', async () => {
  const result = await drill({ faults: [{ name: 'opt-in-removed', after: 'StopInstances' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
  expect(onlyIncident(result).reason).toContain('does not carry the tag');
  // Not even asked for: IAM would refuse it too, and that must not be what holds.
  expect(result.ledger.some(({ command }) => command === 'StartInstances')).toBe(false);
});

test('row 36: withdrawn before the stop, nothing is changed', async () => {
  const result = await drill({ faults: [{ name: 'opt-in-removed', after: 'GetMetricData' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'not-opted-in' });
  expect(effects(result, 'StopInstances')).toBe(0);
});

describe('row 47: after a failure', () => {
  test('one stale look that says running is not taken for an instance that runs', async () => {
    const neverWatched = { name: 'lambda-refused', state: 'Watch stop', times: 7 };
    const result = await drill({ faults: [{ name: 'stale-describe', reads: 3 }, neverWatched] });

    expect(onlyIncident(result).outcome).toBe('RESOLVED');
    restartedOnce(result);
  });

  test('an instance that is pending is watched until it is known whether it comes up', async () => {
    const volumes = [
      { kmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555', encrypted: true },
    ];
    const unseen = { name: 'api-denied', command: 'DescribeInstanceStatus' };
    const result = await drill({ fleet: fleet({ volumes }), faults: [{ name: 'kms-grant-missing' }, unseen] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
  });
});

test('row 8: an instance that ran again after our start and that somebody else then stops is not ours to start', async () => {
  const faults = [
    { name: 'stopped-by-someone-else', before: 'DescribeAlarms', state: 'Check recovery' },
    { name: 'api-denied', command: 'DescribeAlarms', state: 'Check recovery' },
  ];
  const result = await drill({ faults });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED', code: 'not-authorized' });
  restartedOnce(result);
  expect(result.instances[0]?.state).toMatch(/^stop/);
});

test('row 47: stale descriptions change neither the order nor the count', async () => {
  const result = await drill({ faults: [{ name: 'stale-describe', reads: 3 }] });

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  restartedOnce(result);
});
