import { drill, effects, instanceId, onlyIncident, runaway } from '../fixtures/drill';

const optedIn = { 'incident-playbooks:enabled': 'true' };
const fleet = (change: Record<string, unknown>) => [{ instanceId, symptoms: [runaway], ...change }] as never;
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

  expect(result.executions[0]?.path).not.toContain('Watch stop');

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'stopped-by-others' });
  expect(effects(result, 'StartInstances')).toBe(0);
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

test('row 9: an instance that is still pending is left alone, and nothing waits for it', async () => {
  const starts = { by: 'manual' as const };
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

test('row 23: status checks that fail after the start end FAILED, are told, and nothing goes round in circles', async () => {
  const result = await drill({ faults: [{ name: 'status-checks-fail-after-start' }] });

  expect(result.incidents[0]).toMatchObject({ outcome: 'FAILED', code: 'unhealthy-after-start' });
  expect(result.notices[0]?.subject).toContain('FAILED');
  restartedOnce(result);
});

describe('row 47: after a failure', () => {
  test('one stale look that says running is not taken for an instance that runs', async () => {
    const neverWatched = { name: 'lambda-refused', state: 'Watch stop', times: 7 };
    const result = await drill({ faults: [{ name: 'stale-describe', reads: 6 }, neverWatched] });

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

test('row 47: one read that says stopped, while the instance still stops, does not end the wait', async () => {
  const result = await drill({}, ({ cloud }) => {
    const instance = cloud.ec2.find(instanceId)!;
    const seen = instance.seen.bind(instance);
    let odd = 1;
    instance.seen = () => (instance.state === 'stopping' && odd-- > 0 ? { ...seen(), state: 'stopped' } : seen());
  });

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  const start = result.executions[0]!.history.filter((event) => 'state' in event && event.state === 'Start instance');
  expect(start.map(({ type }) => type)).not.toContain('StateFailed');
});

test('row 47: stale descriptions change neither the order nor the count', async () => {
  const result = await drill({ faults: [{ name: 'stale-describe', reads: 3 }] });

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  restartedOnce(result);
});
