import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { alarmKinds, alarmNameOf } from '../../../functions/enrolment/alarm-kinds';
import { chunksOf } from '../../../functions/shared/chunks';
import { ask } from '../ask';
import { arnIn, type Check, type Subject } from '../check';
import { type Answer, fail, ok, some, warn } from '../line';
import { enrolled, idsOf, noTags } from './instances';

/** Alarms by name; at most 100 a call. Source: CloudWatch API reference, DescribeAlarms. */
async function describe(
  { clients: { cloudWatch } }: Subject,
  names: readonly string[],
): Promise<Map<string, MetricAlarm>> {
  const found = new Map<string, MetricAlarm>();
  for (const AlarmNames of chunksOf(names, 100)) {
    const { MetricAlarms = [] } = await ask('cloudwatch:DescribeAlarms', () =>
      cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames, MaxRecords: 100 })),
    );
    for (const alarm of MetricAlarms) found.set(alarm.AlarmName ?? '', alarm);
  }
  return found;
}

export const enrolment: Check = {
  id: 'enrolment',
  what: 'enrolled alarms',
  isOfStage: true,
  ask: async (subject): Promise<Answer> => {
    const instances = await enrolled(subject);
    if (!instances) return noTags;
    if (instances.length === 0) return ok('none: no instance is opted in');
    const names = idsOf(instances).flatMap((id) => alarmKinds.map((kind) => alarmNameOf(kind, subject.stage, id)));
    const alarms = await describe(subject, names);
    const missing = names.filter((name) => !alarms.has(name));
    const reconcile = `${arnIn(subject, 'states', 'stateMachine:*-reconcile-alarms')}:live`;
    if (missing.length > 0)
      return fail(
        `missing: ${some(missing, 3)}`,
        `aws stepfunctions start-execution --state-machine-arn ${reconcile} --input '{ "report": true }'`,
      );
    const disabled = names.filter((name) => alarms.get(name)?.ActionsEnabled === false);
    if (disabled.length > 0)
      return warn(
        `actions are disabled, which counts as maintenance: ${some(disabled, 3)}`,
        `aws cloudwatch enable-alarm-actions --alarm-names ${disabled.slice(0, 10).join(' ')}`,
      );
    return ok(`${names.length} alarms of ${instances.length} ${instances.length === 1 ? 'instance' : 'instances'}`);
  },
};
