import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Instance } from '@aws-sdk/client-ec2';
import { alarmKinds, alarmNameOf } from '../../../functions/enrolment/alarm-kinds';
import { groupOf, kindIn } from '../../../functions/enrolment/groups';
import { toTags } from '../../../functions/guard/tags';
import { chunksOf } from '../../../functions/shared/chunks';
import { ask } from '../ask';
import { arnIn, type Check, type Subject } from '../check';
import { type Answer, fail, ok, some, warn } from '../line';
import { enrolled, noTags } from './instances';

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

/** The alarms that enrolment gives an instance, as its group has them. */
function namesOf({ InstanceId = '', Tags }: Instance, stage: string): string[] {
  const { group } = groupOf(toTags(Tags));
  return alarmKinds.flatMap((kind) => {
    const own = kindIn(kind, group);
    return own ? [alarmNameOf(own, stage, InstanceId)] : [];
  });
}

export const enrolment: Check = {
  id: 'enrolment',
  what: 'enrolled alarms',
  isOfStage: true,
  ask: async (subject): Promise<Answer> => {
    const instances = await enrolled(subject);
    if (!instances) return noTags;
    if (instances.length === 0) return ok('none: no instance is opted in');
    const names = instances.flatMap((one) => namesOf(one, subject.stage));
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
