import type { PutCompositeAlarmInput, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { PutMetricFilterCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { SimulatedCloud } from '../cloud';
import type { StackResource } from './template';

const numeric = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'];

/**
 * The template's alarms as PutMetricAlarm takes them. The template watches one instance; a fleet has one set of alarms
 * an instance, of which the first keeps the template's names.
 */
export function metricAlarmsFor(
  alarms: readonly StackResource[],
  instanceIds: readonly string[],
): PutMetricAlarmInput[] {
  const inputs = alarms.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').map(inputOf);
  const watching = inputs.filter(watchesInstance);
  const others = inputs.filter((input) => !watchesInstance(input));
  const bound = instanceIds.flatMap((instanceId, i) =>
    watching.map((input) => ({
      ...input,
      AlarmName: i === 0 ? input.AlarmName : `${input.AlarmName}-${instanceId}`,
      Dimensions: input.Dimensions?.map((one) => (one.Name === 'InstanceId' ? { ...one, Value: instanceId } : one)),
    })),
  );
  return [...bound, ...others];
}

/**
 * Puts alarms, topics and instance profiles of the template into the simulated cloud.
 * @param only how the names of the metric alarms end that are put; all of them unless given
 */
export function putIntoCloud(
  resources: readonly StackResource[],
  instanceIds: readonly string[],
  cloud: SimulatedCloud,
  only?: readonly string[],
): void {
  const watching = resources.filter(({ ref }) => only === undefined || only.some((ending) => ref.endsWith(ending)));
  for (const input of metricAlarmsFor(watching, instanceIds)) {
    // Math and bands are not evaluated by the simulated cloud: such an alarm stays as it is until a scenario sets it.
    cloud.cloudWatch.putAlarm(input, input.Metrics ? 'manual' : 'by-metric');
  }
  for (const { type, ref, arn, properties } of resources) {
    if (type === 'AWS::IAM::InstanceProfile') cloud.iam.seed(arn, String((properties.Roles as unknown[])[0]));
    // Without its log group the deployment fails here, as it does in CloudFormation.
    if (type === 'AWS::Logs::MetricFilter') cloud.logs.groups.putFilter(filterOf(properties));
    if (type === 'AWS::SNS::Topic') cloud.sns.createTopic(ref.split(':').at(-1)!);
    if (type !== 'AWS::CloudWatch::CompositeAlarm') continue;
    cloud.cloudWatch.putCompositeAlarm({ AlarmName: ref, ...properties } as PutCompositeAlarmInput);
  }
}

/** The properties of a metric filter as PutMetricFilter takes them, whose names begin with a small letter. */
function filterOf(properties: Record<string, unknown>): Partial<PutMetricFilterCommandInput> {
  const lower = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(lower);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), lower(value)]),
    );
  };
  return lower(properties) as Partial<PutMetricFilterCommandInput>;
}

function inputOf({ ref, properties }: StackResource): PutMetricAlarmInput {
  const numbers = numeric
    .filter((name) => properties[name] !== undefined)
    .map((name) => [name, Number(properties[name])]);
  return { AlarmName: ref, ...properties, ...Object.fromEntries(numbers) } as PutMetricAlarmInput;
}

function watchesInstance({ Dimensions }: PutMetricAlarmInput): boolean {
  return Dimensions?.some(({ Name }) => Name === 'InstanceId') ?? false;
}
