import type { Stack } from '../../drill/stack/stack';
import { drill, effects, instanceId, onlyIncident, runaway } from '../fixtures/drill';

const optedIn = { 'incident-playbooks:enabled': 'true' };
const targetGroup = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';
const member = (change: Record<string, unknown> = {}, startsAfterSeconds = 300) => ({
  tags: optedIn,
  symptoms: [{ ...runaway, startsAfterSeconds }],
  ...change,
});

describe('row 72: starts fail in a zone', () => {
  test('the alarms that follow in the zone stop nothing, page once, and those elsewhere are handled', async () => {
    const fleet = [
      member({ availabilityZone: 'us-east-1a' }),
      member({ availabilityZone: 'us-east-1a', instanceType: 'c5.large' }, 600),
      member({ availabilityZone: 'us-east-1a', instanceType: 'c5.large' }, 700),
      member({ availabilityZone: 'us-east-1b', instanceType: 'c5.large' }, 800),
    ];
    const result = await drill({ fleet: fleet as never, faults: [{ name: 'zone-down' }], lastsMinutes: 60 });

    expect(result.incidents.map(({ outcome, code }) => `${outcome} ${code}`).sort()).toEqual([
      'ESCALATED left-stopped',
      'ESCALATED starts-fail-here',
      'ESCALATED starts-fail-here',
      'RESOLVED recovered',
    ]);
    expect(effects(result, 'StopInstances')).toBe(2);
    expect(result.notices.filter(({ message }) => message.includes('do not start in us-east-1a'))).toHaveLength(1);
  });

  test('once the zone has capacity again and the time has passed, an instance is restarted, which clears the mark', async () => {
    const fleet = [member({ availabilityZone: 'us-east-1a' }), member({ availabilityZone: 'us-east-1a' }, 7200)];
    const faults = [{ name: 'zone-down', minutes: 100 }];
    const result = await drill({ fleet: fleet as never, faults, lastsMinutes: 240 });

    expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['ESCALATED', 'RESOLVED']);
    expect(result.items.find(({ sk }) => sk === 'PLACES')?.marks).toEqual({});
  });

  test('an instance whose status checks fail after its start marks the zone too', async () => {
    const fleet = [member({ availabilityZone: 'us-east-1a' }), member({ availabilityZone: 'us-east-1a' }, 1500)];
    const faults = [{ name: 'status-checks-fail-after-start' }];
    const result = await drill({ fleet: fleet as never, faults, lastsMinutes: 60 });

    // The instance's own status check alarm joins its incident.
    const codes = result.incidents.map(({ code }) => code).filter((code) => code !== 'joined');
    expect(codes).toEqual(['unhealthy-after-start', 'starts-fail-here']);
    expect(effects(result, 'StopInstances')).toBe(1);
  });
});

test('row 74: an open issue of AWS Health forbids stops in the zones of what it names, and a failed status check says so', async () => {
  const inZone = (zone: string, change: Record<string, unknown> = {}) =>
    member({ availabilityZone: `us-east-1${zone}`, ...change });
  const failing = [{ metricName: 'StatusCheckFailed_System', startsAfterSeconds: 1500, heals: 'on-restart' }];
  const retired = { symptoms: failing, plannedEvents: [{ code: 'instance-retirement' }] };
  const over = { code: 'system-reboot', description: '[Completed] The reboot' };
  const fleet = [
    { ...inZone('a'), instanceId },
    inZone('a', { symptoms: [{ ...runaway, startsAfterSeconds: 600 }] }),
    inZone('a', { symptoms: [{ metricName: 'StatusCheckFailed_System', startsAfterSeconds: 1200 }] }),
    inZone('b', retired),
    inZone('b', { symptoms: [{ ...failing[0], startsAfterSeconds: 2400 }], plannedEvents: [over] }),
  ];
  const healthEvents = [{ minute: 1, entities: ['arn:aws:ec2:us-east-1:123456789012:instance/{instance}'] }];
  const result = await drill({ fleet: fleet as never, account: { healthEvents }, lastsMinutes: 90 });

  expect(result.incidents.map(({ outcome, code }) => `${outcome} ${code}`)).toEqual([
    'ESCALATED host-impaired',
    'ESCALATED health-issue-open',
    'ESCALATED health-issue-open',
    'ESCALATED host-impaired',
    'RESOLVED recovered',
  ]);
  expect(effects(result, 'StopInstances') + effects(result, 'RebootInstances')).toBe(1);
  const pages = result.notices.map(({ message }) => message);
  expect(pages.filter((page) => page.includes('open issue with us-east-1a'))).toHaveLength(1);
  expect(pages.filter((page) => page.includes('EC2 has planned instance-retirement'))).toHaveLength(1);
});

describe('row 73: the last healthy member', () => {
  const alone = { account: { otherMembers: 0 } };
  const put = ({ cloud }: Stack) => cloud.loadBalancing.put(targetGroup, instanceId);

  test('of a target group is left running, and a person is paged', async () => {
    const result = await drill(alone, put);

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'last-healthy' });
    expect(effects(result, 'StopInstances') + effects(result, 'DeregisterTargets')).toBe(0);
  });

  test('of an Auto Scaling group too', async () => {
    const fleet = [{ ...member({ autoScalingGroupName: 'web' }), instanceId }] as never;
    const result = await drill({ fleet, ...alone, variables: { AUTO_SCALING: 'standby' } });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'last-healthy' });
    expect(effects(result, 'EnterStandby')).toBe(0);
  });

  test('of a named group too', async () => {
    const fleet = [member({ tags: { ...optedIn, 'incident-playbooks:group': 'web' } })] as never;
    const result = await drill({ fleet });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'last-healthy' });
  });

  test('is restarted where its owner allows it', async () => {
    const fleet = [
      { ...member({ tags: { ...optedIn, 'incident-playbooks:allow-last-healthy': 'true' } }), instanceId },
    ];
    const result = await drill({ fleet: fleet as never, ...alone }, put);

    expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED' });
    expect(effects(result, 'StopInstances')).toBe(1);
  });
});

test('row 73: of a group that two instances share, one is down at a time', async () => {
  const tags = { ...optedIn, 'incident-playbooks:group': 'web' };
  const fleet = ['a', 'b', 'c'].map((zone) => member({ tags, availabilityZone: `us-east-1${zone}` }));
  const result = await drill({ fleet: fleet as never, lastsMinutes: 60 });

  expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['RESOLVED', 'RESOLVED', 'RESOLVED']);
  expect(effects(result, 'StopInstances')).toBe(3);
});
