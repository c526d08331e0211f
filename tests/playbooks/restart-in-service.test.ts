import { drill, effects, instanceId, onlyIncident, runaway } from '../fixtures/drill';

const member = { instanceId, symptoms: [runaway], autoScalingGroupName: 'web' };
const standby = { AUTO_SCALING: 'standby' };
const targetGroup = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';

test('row 18: a member of an Auto Scaling group is restarted in Standby, and serves again afterwards', async () => {
  const result = await drill({ fleet: [member], variables: standby }, ({ cloud }) =>
    cloud.autoScaling.join('web', instanceId),
  );

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  expect(
    ['EnterStandby', 'StopInstances', 'StartInstances', 'ExitStandby'].map((command) => effects(result, command)),
  ).toEqual([1, 1, 1, 1]);
});

test('row 18: a group that is at its minimum keeps its member', async () => {
  const result = await drill({ fleet: [member], variables: standby }, ({ cloud }) =>
    cloud.autoScaling.join('web', instanceId, 0),
  );

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'auto-scaling-minimum' });
  expect(effects(result, 'EnterStandby')).toBe(0);
});

test('a target of a load balancer is drained before the stop and registered again after it', async () => {
  const result = await drill({}, ({ cloud }) => cloud.loadBalancing.put(targetGroup, instanceId));

  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  const order = result.ledger
    .filter(({ effective, service }) => effective && service !== 'dynamodb' && service !== 'sns')
    .map(({ command }) => command);
  expect(order).toEqual(['DeregisterTargets', 'StopInstances', 'StartInstances', 'RegisterTargets']);
});

test('a member that cannot be stopped is put back in service', async () => {
  const result = await drill(
    { fleet: [member], variables: standby, faults: [{ name: 'api-denied', command: 'StopInstances' }] },
    ({ cloud }) => cloud.autoScaling.join('web', instanceId),
  );

  expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED', code: 'not-authorized' });
  expect([effects(result, 'EnterStandby'), effects(result, 'ExitStandby')]).toEqual([1, 1]);
});
