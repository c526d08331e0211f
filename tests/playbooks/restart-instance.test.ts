import { drill, effects, instanceId, onlyIncident } from '../fixtures/drill';

test('an alarm stops and starts its instance, and the alarm is verified OK', async () => {
  const result = await drill();

  expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED', instanceId });
  expect([effects(result, 'StopInstances'), effects(result, 'StartInstances')]).toEqual([1, 1]);
  expect(result.instances[0]).toMatchObject({ state: 'running' });
  expect(result.executions[0]).toMatchObject({ status: 'SUCCEEDED' });
  expect(result.notices).toHaveLength(1);
});

test('the incident can be read: what was planned, asked and proven, in order', async () => {
  const { timeline } = onlyIncident(await drill());

  expect(timeline.map(({ key }) => key)).toEqual(['plan', 'stop-requested', 'start-requested', 'closed']);
  for (const { what } of timeline) expect(what).toMatch(/^[A-Z].*\.$/);
});

test('a guest that fails its check is rebooted, not stopped', async () => {
  const symptoms = [{ metricName: 'StatusCheckFailed_Instance', heals: 'on-reboot' } as const];
  const result = await drill({ fleet: [{ instanceId, symptoms }] });

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  expect([effects(result, 'RebootInstances'), effects(result, 'StopInstances')]).toEqual([1, 0]);
});

test('a reboot that does not help is followed by a stop and start', async () => {
  const symptoms = [{ metricName: 'StatusCheckFailed_Instance', heals: 'on-restart' } as const];
  const result = await drill({ fleet: [{ instanceId, symptoms }] });

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  expect([
    effects(result, 'RebootInstances'),
    effects(result, 'StopInstances'),
    effects(result, 'StartInstances'),
  ]).toEqual([1, 1, 1]);
});

test('a restart that does not help is ineffective, and red', async () => {
  const result = await drill({
    fleet: [{ instanceId, symptoms: [{ metricName: 'CPUUtilization', value: 97, heals: 'never' }] }],
  });

  expect(onlyIncident(result).outcome).toBe('INEFFECTIVE');
  expect(result.executions[0]).toMatchObject({ status: 'FAILED', error: 'INEFFECTIVE' });
});

test('observe mode says what it would have done and changes nothing', async () => {
  const result = await drill({ mode: 'observe' });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'OBSERVED', code: 'would-stop-start' });
  expect(result.ledger.filter(({ service, effective }) => service === 'ec2' && effective)).toEqual([]);
});

test('a start by hand restarts an instance that has no alarm', async () => {
  const result = await drill({ fleet: [{ instanceId }], starts: { by: 'manual' } });

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  expect(effects(result, 'StopInstances')).toBe(1);
});
