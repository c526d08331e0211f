import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { CloudEvent } from '../environment';
import { type Alarm, type AlarmState, alarmTime } from './alarm';
import type { CompositeAlarm } from './composite';

type EventBody = Pick<CloudEvent, 'detail-type' | 'source' | 'resources' | 'detail'>;

/** The event of an alarm's transition. Source: CloudWatch user guide, "Alarm events and EventBridge". */
export function stateChange(alarm: Alarm | CompositeAlarm, previous: AlarmState): EventBody {
  return {
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      state: { ...stateDetail(alarm.state), ...('suppression' in alarm ? alarm.suppression() : {}) },
      previousState: stateDetail(previous),
      configuration: 'rule' in alarm ? compositeConfiguration(alarm) : metricConfiguration(alarm),
    },
  };
}

/** One series of a Metrics Insights alarm that is in a state of its own. */
export interface Contributor {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly at: number;
}

/** The event of a contributor's transition. Source: as above, "Multi time series alarm". */
export function contributorStateChange(alarm: Alarm, contributor: Contributor, value: 'ALARM' | 'OK'): EventBody {
  return {
    'detail-type': 'CloudWatch Alarm Contributor State Change',
    source: 'aws.cloudwatch',
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      configuration: metricConfiguration(alarm),
      state: { value, reason: contributor.reason, timestamp: alarmTime(contributor.at) },
      alarmContributor: { id: contributor.id, attributes: contributor.attributes },
    },
  };
}

function stateDetail(state: AlarmState): Record<string, unknown> {
  return {
    value: state.value,
    reason: state.reason,
    ...(state.reasonData && { reasonData: state.reasonData }),
    timestamp: alarmTime(state.at),
  };
}

function compositeConfiguration(alarm: CompositeAlarm): Record<string, unknown> {
  const { AlarmDescription, ActionsSuppressor, ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod } =
    alarm.input;
  return {
    ...(AlarmDescription && { description: AlarmDescription }),
    alarmRule: alarm.rule,
    ...(ActionsSuppressor && {
      actionsSuppressor: ActionsSuppressor,
      actionsSuppressorWaitPeriod: ActionsSuppressorWaitPeriod,
      actionsSuppressorExtensionPeriod: ActionsSuppressorExtensionPeriod,
    }),
  };
}

function metricConfiguration({ input, arn, watched }: Alarm): Record<string, unknown> {
  const metrics = input.Metrics?.map(queryDetail) ?? [
    {
      id: idOf(arn),
      metricStat: {
        metric: {
          namespace: input.Namespace,
          name: input.MetricName,
          dimensions: Object.fromEntries((input.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
        },
        period: input.Period,
        stat: watched?.stat ?? input.Statistic,
      },
      returnData: true,
    },
  ];
  return { ...(input.AlarmDescription && { description: input.AlarmDescription }), metrics };
}

function queryDetail(query: MetricDataQuery): Record<string, unknown> {
  const stat = query.MetricStat;
  return {
    id: query.Id,
    ...(query.Expression && { expression: query.Expression }),
    ...(query.Label && { label: query.Label }),
    ...(query.Period && { period: query.Period }),
    ...(stat && {
      metricStat: {
        metric: {
          namespace: stat.Metric?.Namespace,
          name: stat.Metric?.MetricName,
          dimensions: Object.fromEntries((stat.Metric?.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
        },
        period: stat.Period,
        stat: stat.Stat,
      },
    }),
    returnData: query.ReturnData ?? true,
  };
}

/** A simple alarm's metric carries an id nobody chose; here it follows from the alarm's ARN. */
function idOf(arn: string): string {
  const hex = Buffer.from(arn).toString('hex').slice(-32).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
