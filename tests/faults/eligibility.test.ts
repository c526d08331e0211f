import { drill, effects, instanceId, onlyIncident, runaway } from '../fixtures/drill';

const optedIn = { 'incident-playbooks:enabled': 'true' };
const fleet = (change: Record<string, unknown>) => [{ instanceId, symptoms: [runaway], ...change }] as never;

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

test('of an instance that is not opted in no attribute is read: user data is one of them', async () => {
  const result = await drill({ fleet: fleet({ tags: {} }) });

  expect(onlyIncident(result).code).toBe('not-opted-in');
  expect(result.ledger.filter(({ command }) => command === 'DescribeInstanceAttribute')).toEqual([]);
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

  expect(result.incidents[0]).toMatchObject({ outcome: 'SKIPPED', code: 'alarm-recovered' });
  // The load goes on, so a minute later the alarm goes off again, while the instance is still on its way back or after.
  expect(result.incidents.slice(1).filter(({ code }) => code !== 'joined')).toEqual([]);
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

test('row 36: an opt-in that is withdrawn mid-run stops the next change, and the stopped instance is escalated', async () => {
  const result = await drill({ faults: [{ name: 'opt-in-removed', after: 'StopInstances' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'left-stopped' });
  expect(onlyIncident(result).reason).toContain('does not have the tag');
  // Not even asked for: IAM would refuse it too, and that must not be what holds.
  expect(result.ledger.some(({ command }) => command === 'StartInstances')).toBe(false);
});

test('row 36: withdrawn before the stop, nothing is changed', async () => {
  const result = await drill({ faults: [{ name: 'opt-in-removed', after: 'GetMetricData' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'not-opted-in' });
  expect(effects(result, 'StopInstances')).toBe(0);
});
