import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { pageable } from '../notice/subject';
import { placeUnless } from '../place/codes';
import { inPlace } from '../place/in-place';
import { scopeOf } from '../place/place';
import { askedPlace } from '../place/place-of';
import { incidentIdOf } from '../record/incident-id';
import { newIncident } from '../record/new-incident';
import { cloudWatch } from '../shared/clients/cloudwatch';
import { startedSchema } from '../shared/manual-start';
import { withoutNulls } from '../shared/parse';
import { step } from '../shared/step';
import { manualStartSchema } from './event-schema';
import { incidentOfAlarm, keyOfAlarm, parseAlarmEvent } from './incident-of-alarm';
import { mostMetricNames, normalise, type ReadAlarm, withOneInstance } from './normalise';

/** Parses what started the machine, once, into an incident. Calls CloudWatch only for a composite alarm's children. */
export const handler = step(
  'read-alarm',
  startedSchema,
  async ({ event, executionId, playbook }, { clock, config }) => {
    const scope = scopeOf(config);
    const now = clock.now();
    const manual = manualStartSchema.safeParse(withoutNulls(event));
    if (manual.success) {
      const { instanceId, drill, reason, requestedBy, place } = manual.data;
      const request = { reason, requestedBy };
      const where = askedPlace(place, scope);
      const begun = { executionId, playbook, trigger: 'manual' as const, drill, instanceId, request, ...where };
      return pageable(newIncident(`manual#${executionId}`, begun, now, config));
    }
    if (playbook === 'investigate-alarm')
      return pageable(incidentOfAlarm({ event, executionId, playbook }, now, config));
    const { alarmEvent, drill } = parseAlarmEvent(event);
    const read = normalise(alarmEvent, scope);
    const { place } = placeUnless(read.refusal, read.alarm, scope);
    const incidentId = incidentIdOf(keyOfAlarm(read.alarm, drill, executionId));
    const resolve = () => resolveChildren(read, cloudWatch, drill);
    const { alarm, refusal } = await inPlace(place && { place, incidentId }, resolve);
    const found = {
      ...(alarm.instanceId ? { instanceId: alarm.instanceId } : {}),
      ...(refusal ? { refusal } : {}),
      ...placeUnless(refusal, alarm, scope),
    };
    const begun = { executionId, playbook, trigger: 'alarm' as const, drill, alarm, ...found };
    return pageable(newIncident(keyOfAlarm(alarm, drill, executionId), begun, now, config));
  },
);

/** The maximum number of child alarms that are kept for later checks. */
const mostChildren = 10;

/** A composite alarm names no instance; its triggering metric alarms in ALARM do. */
async function resolveChildren(read: ReadAlarm, client: CloudWatchClient, isDrill: boolean): Promise<ReadAlarm> {
  if (!read.children) return read;
  const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: read.children, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  if (CompositeAlarms.length > 0 || MetricAlarms.length < new Set(read.children).size) {
    const reason =
      'A triggering alarm of the composite alarm is itself composite or cannot be found, so the instance is unknown.';
    return { alarm: read.alarm, refusal: { code: 'no-instance', reason } };
  }
  // A drill sets states that CloudWatch reverts at once, so only the event counts there.
  const inAlarm = MetricAlarms.filter(({ StateValue }) => isDrill || StateValue === 'ALARM');
  if (inAlarm.length === 0) {
    const reason = 'No alarm that triggered the composite alarm is still in ALARM, so the instance is unknown.';
    return { alarm: read.alarm, refusal: { code: 'alarm-recovered', reason } };
  }
  const metricNames = [...new Set(inAlarm.flatMap(metricsOf))].slice(0, mostMetricNames);
  const { found, refusal } = withOneInstance(inAlarm.flatMap(instancesOf), { kind: 'composite', metricNames });
  const childAlarms = inAlarm.flatMap(({ AlarmName }) => AlarmName ?? []).slice(0, mostChildren);
  return { alarm: { ...read.alarm, ...found, childAlarms }, ...(refusal ? { refusal } : {}) };
}

const metricsOf = ({ MetricName, Metrics = [] }: MetricAlarm) =>
  [MetricName, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric?.MetricName)].filter((name) => name !== undefined);

/** The instances in a metric alarm's dimensions, including those of an expression over several metrics. */
function instancesOf({ Dimensions = [], Metrics = [] }: MetricAlarm): (string | undefined)[] {
  const all = [...Dimensions, ...Metrics.flatMap((entry) => entry.MetricStat?.Metric?.Dimensions ?? [])];
  return all.filter(({ Name }) => Name === 'InstanceId').map(({ Value }) => Value);
}
