import { alarmEventSchema } from '../../functions/alarm/event-schema';
import { normalise } from '../../functions/alarm/normalise';
import { parseWith } from '../../functions/shared/parse';
import { event, instanceId, type LooseEvent, type Shape, shapes } from '../fixtures/events';

const scope = { accounts: ['123456789012'], regions: ['us-east-1'] };
const read = (name: Shape, change?: (event: LooseEvent) => void) =>
  normalise(parseWith(alarmEventSchema, event(name, change), 'event'), scope);

describe('an alarm event of each shape comes to one form', () => {
  test.each([
    ['metric-alarm-cpu-high', 'metric', ['CPUUtilization']],
    ['metric-math-alarm-total-traffic', 'metric-math', ['NetworkIn', 'NetworkOut']],
    ['anomaly-band-alarm-cpu', 'anomaly-band', ['CPUUtilization']],
    ['contributor-alarm-cpu-by-instance', 'contributor', []],
  ] as const)('%s names its instance', (name, kind, metricNames) => {
    const { alarm, refusal } = read(name);

    expect(refusal).toBeUndefined();
    expect(alarm).toMatchObject({
      kind,
      instanceId,
      metricNames,
      state: 'ALARM',
      account: '123456789012',
      region: 'us-east-1',
    });
    expect(alarm.alarmArn).toBe(`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarm.alarmName}`);
  });

  test('a composite names the alarms to ask for its instance', () => {
    const { alarm, children, refusal } = read('composite-alarm-service');

    expect(refusal).toBeUndefined();
    expect(alarm.instanceId).toBeUndefined();
    expect(children).toEqual(['web-cpu']);
  });

  test('the time of change is an instant in UTC with milliseconds', () => {
    expect(read('metric-alarm-cpu-high').alarm.changedAt).toBe('2026-11-24T02:00:04.989Z');
  });
});

describe('what is not to be acted on is refused with its own code', () => {
  test.each<[string, Shape, (event: LooseEvent) => void]>([
    [
      'alarm-muted',
      'metric-alarm-cpu-high',
      (e) => {
        e.detail.muteDetail = { mutedByArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night' };
      },
    ],
    [
      'alarm-suppressed',
      'composite-alarm-service',
      (e) => {
        e.detail.state.actionsSuppressedBy = 'WaitPeriod';
      },
    ],
    [
      'not-in-alarm',
      'metric-alarm-cpu-high',
      (e) => {
        e.detail.state.value = 'OK';
      },
    ],
    [
      'not-in-alarm',
      'metric-alarm-cpu-high',
      (e) => {
        e.detail.state.value = 'INSUFFICIENT_DATA';
      },
    ],
    [
      'wrong-account',
      'metric-alarm-cpu-high',
      (e) => {
        e.account = '999999999999';
      },
    ],
    [
      'wrong-region',
      'metric-alarm-cpu-high',
      (e) => {
        e.region = 'eu-west-1';
      },
    ],
    [
      'no-instance',
      'metric-alarm-cpu-high',
      (e) => {
        e.detail.configuration.metrics[0].metricStat.metric.dimensions = { TableName: 't' };
      },
    ],
    [
      'no-instance',
      'metric-alarm-cpu-high',
      (e) => {
        e.detail.configuration.metrics[0].metricStat.metric.dimensions.InstanceId = '$(reboot)';
      },
    ],
    [
      'no-instance',
      'contributor-alarm-cpu-by-instance',
      (e) => {
        e.detail.alarmContributor.attributes = { TableName: 't' };
      },
    ],
    [
      'no-instance',
      'composite-alarm-service',
      (e) => {
        e.detail.state.reasonData = 'not json';
      },
    ],
    [
      'several-instances',
      'metric-math-alarm-total-traffic',
      (e) => {
        e.detail.configuration.metrics[1].metricStat.metric.dimensions.InstanceId = 'i-00000000000000001';
      },
    ],
  ])('%s (%s)', (code, name, change) => {
    const { refusal, alarm } = read(name, change);

    expect(refusal?.code).toBe(code);
    expect(refusal?.reason).toMatch(/^[A-Z].*\.$/);
    if (code.endsWith('instance') || code.endsWith('instances')) expect(alarm.instanceId).toBeUndefined();
  });

  test('an id at the place where tutorials look for it is not taken', () => {
    const { refusal } = read('metric-alarm-cpu-high', (e) => {
      e.detail['instance-id'] = instanceId;
      delete e.detail.configuration.metrics[0].metricStat.metric.dimensions.InstanceId;
    });

    expect(refusal?.code).toBe('no-instance');
  });
});

describe('an event that does not fit the schema names the field', () => {
  test.each<[string, (event: LooseEvent) => void]>([
    [
      'event.source',
      (e) => {
        e.source = 'my.app';
      },
    ],
    [
      'event.detail.alarmName',
      (e) => {
        e.detail.alarmName = 'two\r\nlines';
      },
    ],
    [
      'event.detail.alarmName',
      (e) => {
        delete e.detail.alarmName;
      },
    ],
    [
      'event.detail.state.timestamp',
      (e) => {
        e.detail.state.timestamp = 'yesterday';
      },
    ],
    [
      'event.detail.state.value',
      (e) => {
        e.detail.state.value = 'PANIC';
      },
    ],
    [
      'event.resources',
      (e) => {
        e.resources = [];
      },
    ],
    [
      'event.account',
      (e) => {
        e.account = 123456789012;
      },
    ],
  ])('%s', (field, change) => {
    expect(() => read('metric-alarm-cpu-high', change)).toThrow(
      expect.objectContaining({ name: 'InvalidInputError', field }),
    );
  });

  test('the message never repeats what the outsider wrote', () => {
    const secret = 'AKIA-not-for-logs';
    const act = () =>
      read('metric-alarm-cpu-high', (e) => {
        e.detail.state.value = secret;
        e.detail[secret] = secret;
      });

    expect(act).toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret) }));
  });
});

test('every shape has a fixture that the schema accepts', () => {
  for (const name of shapes) expect(() => parseWith(alarmEventSchema, event(name), 'event')).not.toThrow();
});
