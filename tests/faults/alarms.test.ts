import type { CloudEvent } from '../../drill/cloud';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, instanceId, onlyIncident, runaway } from '../fixtures/drill';

/** No drill of this file may change an instance unless it says so. */
const noChange = (result: Awaited<ReturnType<typeof drill>>) =>
  expect(result.ledger.filter(({ service, effective }) => service === 'ec2' && effective)).toEqual([]);
const restartedOnce = (result: Awaited<ReturnType<typeof drill>>) =>
  expect([effects(result, 'StopInstances'), effects(result, 'StartInstances')]).toEqual([1, 1]);

/** Lets every event that comes from CloudWatch be followed by another. */
function followEvents(stack: Stack, follow: (event: CloudEvent) => CloudEvent): void {
  const publish = stack.bus.publish.bind(stack.bus);
  stack.bus.publish = (event) => {
    publish(event);
    if (event.source === 'aws.cloudwatch') publish(follow(event));
  };
}

test('row 1: the same event delivered 10 times in parallel is one incident', async () => {
  const result = await drill({ delivery: { copies: 10, jitterMs: 500 } });

  expect(result.executions).toHaveLength(10);
  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  restartedOnce(result);
});

test('row 2: the same transition under a new event id is the same incident', async () => {
  const result = await drill({}, (stack) => followEvents(stack, (event) => ({ ...event, id: 'another-id' })));

  expect(result.executions.length).toBeGreaterThan(1);
  expect(onlyIncident(result).outcome).toBe('RESOLVED');
  restartedOnce(result);
});

test('row 3: an ALARM that arrives after the OK that followed it is ignored', async () => {
  const result = await drill({
    fleet: [{ instanceId, symptoms: [{ ...runaway, heals: 'after-seconds', healsAfterSeconds: 1200 }] }],
    delivery: { delayMs: 3_600_000 },
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'alarm-recovered' });
  noChange(result);
});

test.each(['DescribeAlarms', 'GetMetricData'])(
  'row 4: an alarm that is OK again before the stop (before %s) is skipped',
  async (before) => {
    const result = await drill({ faults: [{ name: 'alarm-recovers', before }] });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'alarm-recovered' });
    noChange(result);
  },
);

test('row 5: an alarm that is OK again after the stop: the instance is started all the same', async () => {
  const result = await drill({ faults: [{ name: 'alarm-recovers', after: 'StopInstances' }] });

  expect(result.incidents[0]?.outcome).toBe('RESOLVED');
  restartedOnce(result);
});

test.each([0.4, 5])('row 6: of two alarms on one instance, %d s apart, the second joins the first', async (seconds) => {
  const result = await drill({}, ({ cloud }) => {
    cloud.cloudWatch.alarms.onTransition(({ name, state }) => {
      if (!name.endsWith('cpu-high') || state.value !== 'ALARM') return;
      const second = cloud.cloudWatch.alarms.all().find((alarm) => alarm.name.endsWith('failed-system'))!;
      setTimeout(() => cloud.cloudWatch.setState(second.name, 'ALARM', 'Threshold Crossed'), seconds * 1000);
    });
  });

  expect(result.incidents.map(({ outcome, code }) => [outcome, code])).toEqual([
    ['RESOLVED', 'recovered'],
    ['SKIPPED', 'joined'],
  ]);
  expect(result.incidents[0]!.timeline.some(({ key }) => key === `joined#${result.incidents[1]!.incidentId}`)).toBe(
    true,
  );
  restartedOnce(result);
});

test('row 24: an alarm without data after the start is not counted as recovered', async () => {
  const result = await drill({ faults: [{ name: 'alarm-goes-insufficient-data' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'INEFFECTIVE', code: 'no-data-after-action' });
});

test('row 37: an alarm without an instance is skipped with its reason', async () => {
  const result = await drill({ fleet: [{ instanceId }] }, ({ cloud }) => {
    const AlarmName = 'restart-instance-dev-queue';
    cloud.cloudWatch.putAlarm(
      {
        AlarmName,
        Namespace: 'AWS/SQS',
        MetricName: 'Age',
        Dimensions: [{ Name: 'QueueName', Value: 'q' }],
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      },
      'manual',
    );
    setTimeout(() => cloud.cloudWatch.setState(AlarmName, 'ALARM', 'Threshold Crossed'), 60_000);
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'no-instance' });
  noChange(result);
});

test('row 46: an event whose target is denied waits in the dead-letter queue, and its alarm fires', async () => {
  const result = await drill({
    delivery: { deniedRules: ['incident-playbooks-dev-restart-instance'] },
    lastsMinutes: 120,
    givesUpAfterMinutes: 120,
  });

  expect(result.executions).toEqual([]);
  expect(result.deadLetters).toHaveLength(1);
  expect(result.alarms.some(({ alarmName, state }) => alarmName.endsWith('dead-letters') && state === 'ALARM')).toBe(
    true,
  );
});
