import type { CloudEvent } from '../../drill/cloud';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, instanceId, onlyIncident, putAlarmByHand } from '../fixtures/drill';
import { event, type Shape } from '../fixtures/events';

const prefix = 'restart-instance-dev-';
const stat = (Id: string, MetricName: string, ReturnData: boolean, InstanceId = instanceId) => ({
  Id,
  ReturnData,
  MetricStat: {
    Metric: { Namespace: 'AWS/EC2', MetricName, Dimensions: [{ Name: 'InstanceId', Value: InstanceId }] },
    Period: 300,
    Stat: 'Average',
  },
});
const withMetrics = (Metrics: object[]) => ({
  Metrics,
  Namespace: undefined,
  MetricName: undefined,
  Dimensions: undefined,
  Statistic: undefined,
  Period: undefined,
});

/** Lets an alarm go off a while after the drill began, and recover once the instance has been started. */
function goesOff(stack: Stack, set: (value: 'ALARM' | 'OK') => void): void {
  setTimeout(() => set('ALARM'), 30 * 60_000);
  const wait = () => {
    const isStarted = stack.cloud.ledger.calls('StartInstances').some(({ effective }) => effective);
    setTimeout(() => (isStarted ? set('OK') : wait()), 60_000);
  };
  wait();
}

/** The drill's instance is sick the whole time, but its CPU alarm of the template does not come into it. */
function withoutTemplateAlarms(stack: Stack): void {
  for (const { name } of stack.cloud.cloudWatch.alarms.all()) stack.cloud.cloudWatch.alarms.delete(name);
}

const shapes: [string, (stack: Stack) => void][] = [
  [
    'a metric alarm',
    (stack) => {
      putAlarmByHand(stack, `${prefix}cpu`);
      goesOff(stack, (value) => stack.cloud.cloudWatch.setState(`${prefix}cpu`, value, 'Threshold Crossed'));
    },
  ],
  [
    'a metric math alarm',
    (stack) => {
      const Metrics = [
        { Id: 'e1', Expression: 'SUM(METRICS())', ReturnData: true },
        stat('m1', 'CPUUtilization', false),
      ];
      putAlarmByHand(stack, `${prefix}math`, withMetrics(Metrics));
      goesOff(stack, (value) => stack.cloud.cloudWatch.setState(`${prefix}math`, value, 'Threshold Crossed'));
    },
  ],
  [
    'an anomaly detection band',
    (stack) => {
      const Metrics = [
        stat('m1', 'CPUUtilization', true),
        { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)', ReturnData: true },
      ];
      putAlarmByHand(stack, `${prefix}band`, withMetrics(Metrics));
      goesOff(stack, (value) => stack.cloud.cloudWatch.setState(`${prefix}band`, value, 'Thresholds Crossed'));
    },
  ],
  [
    'a composite alarm',
    (stack) => {
      putAlarmByHand(stack, 'web-cpu');
      stack.cloud.cloudWatch.putCompositeAlarm({ AlarmName: `${prefix}service`, AlarmRule: 'ALARM("web-cpu")' });
      goesOff(stack, (value) => stack.cloud.cloudWatch.setState('web-cpu', value, 'Threshold Crossed'));
    },
  ],
  [
    'a contributor of a Metrics Insights alarm',
    (stack) => {
      const Metrics = [
        {
          Id: 'q1',
          Expression: 'SELECT AVG(CPUUtilization) FROM "AWS/EC2" GROUP BY InstanceId',
          ReturnData: true,
          Period: 60,
        },
      ];
      const name = `${prefix}fleet-cpu`;
      putAlarmByHand(stack, name, withMetrics(Metrics));
      const contributor = {
        id: '6d442278dba546f6',
        attributes: { InstanceId: instanceId },
        reason: 'Threshold Crossed',
      };
      // The alarm itself changes too, and its event names no instance: row 76, no second incident.
      goesOff(stack, (value) => stack.cloud.cloudWatch.alarms.enterContributor(name, contributor, value));
    },
  ],
];

test.each(shapes)('%s restarts the one instance it is about', async (_what, arrange) => {
  const result = await drill({}, (stack) => {
    withoutTemplateAlarms(stack);
    arrange(stack);
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'RESOLVED', instanceId });
  expect([effects(result, 'StopInstances'), effects(result, 'StartInstances')]).toEqual([1, 1]);
});

/** Publishes a fixture event as EventBridge would deliver it, changed by an outsider or by CloudWatch. */
const published = (name: Shape, change: (event: CloudEvent & { detail: never }) => void) => ({
  fleet: [{ instanceId }],
  starts: { by: 'event' as const, events: [event(name, change)], secondsApart: 300 },
});
const metric = (e: { detail: never }, index = 0) =>
  (
    e.detail as never as {
      configuration: { metrics: { metricStat: { metric: { dimensions: Record<string, string> } } }[] };
    }
  ).configuration.metrics[index]!.metricStat.metric;
const detail = (e: { detail: never }) =>
  e.detail as never as { muteDetail?: object; state: Record<string, string>; alarmName: string };

const refusals: [string, string, Shape, (e: CloudEvent & { detail: never }) => void][] = [
  [
    'muted',
    'alarm-muted',
    'metric-alarm-cpu-high',
    (e) => {
      detail(e).muteDetail = { mutedByArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night' };
    },
  ],
  [
    'suppressed',
    'alarm-suppressed',
    'composite-alarm-service',
    (e) => {
      detail(e).state.actionsSuppressedBy = 'WaitPeriod';
    },
  ],
  [
    'without an instance',
    'no-instance',
    'metric-alarm-cpu-high',
    (e) => {
      metric(e).dimensions = { TableName: 't' };
    },
  ],
  [
    'about two instances',
    'several-instances',
    'metric-math-alarm-total-traffic',
    (e) => {
      metric(e, 1).dimensions.InstanceId = 'i-00000000000000001';
    },
  ],
  [
    'of another account',
    'wrong-account',
    'metric-alarm-cpu-high',
    (e) => {
      e.account = '999999999999';
    },
  ],
  [
    'of another region',
    'wrong-region',
    'metric-alarm-cpu-high',
    (e) => {
      e.region = 'eu-west-1';
    },
  ],
  [
    'of a monitoring account, about a metric of another account',
    'place-contradicted',
    'metric-alarm-cpu-high',
    (e) => {
      const { configuration } = e.detail as never as { configuration: { metrics: object[] } };
      Object.assign(configuration.metrics[0]!, { accountId: '999999999999' });
    },
  ],
  ['whose alarm does not exist', 'alarm-deleted', 'anomaly-band-alarm-cpu', () => {}],
  ['whose alarm has recovered', 'alarm-recovered', 'metric-alarm-cpu-high', () => {}],
  ['whose composite cannot be traced to an instance', 'no-instance', 'composite-alarm-service', () => {}],
];

test.each(refusals)('an event %s is skipped with its reason (%s)', async (_what, code, name, change) => {
  const result = await drill(published(name, change));

  const incident = onlyIncident(result);
  expect(incident).toMatchObject({ outcome: 'SKIPPED', code });
  expect(incident.reason).toMatch(/^[A-Z].*\.$/);
  expect(result.executions[0]).toMatchObject({ status: 'SUCCEEDED' });
  expect(result.ledger.filter(({ service, mutating }) => service === 'ec2' && mutating)).toEqual([]);
});

test('an event that is not in ALARM starts nothing: the rule does not match it', async () => {
  const result = await drill({
    ...published('metric-alarm-cpu-high', (e) => {
      detail(e).state.value = 'OK';
    }),
    givesUpAfterMinutes: 5,
  });

  expect(result.executions).toEqual([]);
});

test('an event that was handed over by hand and is not in ALARM is skipped', async () => {
  const result = await drill({ fleet: [{ instanceId }], lastsMinutes: 5, givesUpAfterMinutes: 5 }, (stack) => {
    const machine = stack.resources.find(({ type }) => type === 'AWS::StepFunctions::StateMachine')!;
    const notInAlarm = event('metric-alarm-cpu-high', (e) => {
      e.detail.state.value = 'OK';
    });
    setTimeout(() => void stack.machines.start(machine.arn, notInAlarm), 1000);
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'not-in-alarm' });
});

test('input that is not understood is kept as a rejected incident, and red', async () => {
  const result = await drill(
    published('metric-alarm-cpu-high', (e) => {
      detail(e).alarmName = 'restart-instance-dev-two\r\nlines';
    }),
  );

  const incident = onlyIncident(result);
  expect(incident).toMatchObject({ outcome: 'REJECTED', code: 'input-not-understood' });
  expect(incident.reason).toContain('event.detail.alarmName');
  expect(result.executions[0]).toMatchObject({ status: 'FAILED', error: 'REJECTED' });
});
