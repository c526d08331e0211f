import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { pageable } from '../notice/subject';
import { newIncident } from '../record/new-incident';
import { cloudWatch } from '../shared/clients/cloudwatch';
import { isManualStart, startedSchema } from '../shared/manual-start';
import { parseWith } from '../shared/parse';
import { step } from '../shared/step';
import { type AlarmEvent, alarmEventSchema, drillSchema, manualStartSchema } from './event-schema';
import { normalise, type ReadAlarm, type Scope, withOneInstance } from './normalise';

/** Parses what started the machine, once, into an incident. Calls CloudWatch only for a composite alarm's children. */
export const handler = step(
  'read-alarm',
  startedSchema,
  async ({ event, executionId, playbook }, { clock, config }) => {
    const scope = { accounts: config.ACCOUNT_IDS, regions: config.REGIONS };
    const now = clock.now();
    const manual = manualStartSchema.safeParse(event);
    if (manual.success) {
      const { instanceId, drill, reason, requestedBy } = manual.data;
      const request = { reason, requestedBy };
      const begun = { executionId, playbook, trigger: 'manual' as const, drill, instanceId, request };
      return pageable(newIncident(`manual#${executionId}`, begun, now, config));
    }
    const { alarmEvent, drill } = parseAlarmEvent(event);
    const { alarm, refusal } = await resolveChildren(normalise(alarmEvent, scope), cloudWatch, scope);
    const key = [alarm.alarmArn, alarm.contributorId, alarm.changedAt, drill ? executionId : undefined].filter(Boolean);
    const found = { ...(alarm.instanceId ? { instanceId: alarm.instanceId } : {}), ...(refusal ? { refusal } : {}) };
    const begun = { executionId, playbook, trigger: 'alarm' as const, drill, alarm, ...found };
    return pageable(newIncident(key.join('#'), begun, now, config));
  },
);

/**
 * @throws InvalidInputError naming the field, if it is neither an alarm event, a drill nor a manual start
 */
function parseAlarmEvent(event: unknown): { alarmEvent: AlarmEvent; drill: boolean } {
  const start = typeof event === 'object' && event !== null && 'start' in event ? event.start : undefined;
  if (start === 'drill') return { alarmEvent: parseWith(drillSchema, event, 'event').event, drill: true };
  if (isManualStart(event)) parseWith(manualStartSchema, event, 'event');
  return { alarmEvent: parseWith(alarmEventSchema, event, 'event'), drill: false };
}

/** A composite alarm names no instance; its triggering metric alarms do. */
async function resolveChildren(read: ReadAlarm, client: CloudWatchClient, _scope: Scope): Promise<ReadAlarm> {
  if (!read.children) return read;
  const described = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: read.children, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  const children = described.MetricAlarms ?? [];
  if ((described.CompositeAlarms ?? []).length > 0 || children.length < new Set(read.children).size) {
    const reason =
      'A triggering alarm of the composite alarm is itself composite or cannot be found, so the instance is unknown.';
    return { alarm: read.alarm, refusal: { code: 'no-instance', reason } };
  }
  const dimensions = children.flatMap((child) => [
    ...(child.Dimensions ?? []),
    ...(child.Metrics ?? []).flatMap((entry) => entry.MetricStat?.Metric?.Dimensions ?? []),
  ]);
  const ids = dimensions.filter(({ Name }) => Name === 'InstanceId').map(({ Value }) => Value);
  const metricNames = [...new Set(children.flatMap((child) => child.MetricName ?? []))];
  const { found, refusal } = withOneInstance(ids, { kind: 'composite', metricNames });
  return { alarm: { ...read.alarm, ...found }, ...(refusal ? { refusal } : {}) };
}
