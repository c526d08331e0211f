import { arnsOf } from '../place/arns';
import type { Place, Scope } from '../place/place';
import { placeOf } from '../place/place-of';
import type { Refusal } from '../record/conclusion';
import { toIsoInstant } from '../shared/instant';
import { withoutNulls } from '../shared/parse';
import { plainText } from '../shared/plain-text';
import { type Alarm, toldByContributors } from './alarm';
import { type AlarmEvent, compositeReasonSchema } from './event-schema';

/** The content of an event, and the reason to leave it alone, if any. `children` are alarm names still to be described (composite). */
export interface ReadAlarm {
  alarm: Alarm;
  refusal?: Refusal;
  children?: string[];
}

/**
 * Normalises an alarm event of any of the five shapes, without AWS calls.
 * Never guesses: an instance ID is used only if there is exactly one.
 */
export function normalise(event: AlarmEvent, scope: Scope): ReadAlarm {
  const { detail } = event;
  const base = {
    alarmArn: event.resources[0]!,
    alarmName: detail.alarmName,
    state: detail.state.value,
    changedAt: toIsoInstant(detail.state.timestamp)!,
    reason: plainText(detail.state.reason ?? 'CloudWatch gave no reason'),
    account: event.account,
    region: event.region,
  };
  const read = readShape(event);
  const alarm: Alarm = { ...base, ...read.found };
  const refusal = placeOf('alarm', event, scope).refusal ?? refuseByState(event, alarm) ?? read.refusal;
  return { alarm, ...(refusal ? { refusal } : {}), ...(!refusal && read.children ? { children: read.children } : {}) };
}

/** An alarm takes up to 500 metrics; the state of a machine, 262,144 bytes. */
export const mostMetricNames = 20;

/** Whether an expression is a Metrics Insights query of many series. */
const isGrouped = (expression: string) => /^\s*SELECT\b[\s\S]*\bGROUP\s+BY\b/i.test(expression.slice(0, 4096));

interface Shape {
  found: Pick<Alarm, 'kind' | 'metricNames' | 'instanceId' | 'contributorId'>;
  refusal?: Refusal;
  children?: string[];
}

function readShape(event: AlarmEvent): Shape {
  if (event['detail-type'] === 'CloudWatch Alarm Contributor State Change') {
    const { id, attributes } = event.detail.alarmContributor;
    return withOneInstance([attributes?.InstanceId], { kind: 'contributor', metricNames: [], contributorId: id });
  }
  const { metrics, alarmRule } = event.detail.configuration;
  if (!metrics && alarmRule) return readComposite(event.detail.state.reasonData, event);
  const stats = (metrics ?? []).flatMap((entry) => entry.metricStat?.metric ?? []);
  const expressions = (metrics ?? []).flatMap((entry) => entry.expression ?? []);
  if (stats.length === 0 && expressions.some(isGrouped)) {
    const reason = 'The alarm watches many series; each series in ALARM has its own event.';
    return { found: { kind: 'contributor', metricNames: [] }, refusal: { code: toldByContributors, reason } };
  }
  const isBand = expressions.some((text) => text.trimStart().startsWith('ANOMALY_DETECTION_BAND'));
  const kind = isBand ? 'anomaly-band' : expressions.length > 0 ? 'metric-math' : 'metric';
  const metricNames = [...new Set(stats.map((stat) => stat.name))].slice(0, mostMetricNames);
  return withOneInstance(
    stats.map((stat) => stat.dimensions?.InstanceId),
    { kind, metricNames },
  );
}

function readComposite(reasonData: string | undefined, place: Place): Shape {
  const found = { kind: 'composite' as const, metricNames: [] };
  const parsed = compositeReasonSchema.safeParse(withoutNulls(parseJson(reasonData)));
  if (!parsed.success) {
    return {
      found,
      refusal: { code: 'no-instance', reason: 'The composite alarm does not say which alarms triggered it.' },
    };
  }
  // A rule may require children that are OK or without data: only those in ALARM name the affected instance.
  const inAlarm = parsed.data.triggeringAlarms.filter(({ state }) => (state?.value ?? 'ALARM') === 'ALARM');
  const isThere = ({ account, region }: Place) => account === place.account && region === place.region;
  if (
    !arnsOf(
      inAlarm.map(({ arn }) => arn),
      'Its ARN',
    ).every(isThere)
  ) {
    const elsewhere =
      'An alarm that triggered the composite alarm is of another account or region. Nothing is done in either.';
    return { found, refusal: { code: 'place-contradicted', reason: elsewhere } };
  }
  if (inAlarm.length > 0) return { found, children: inAlarm.map(({ arn }) => alarmNameOf(arn)) };
  const reason = 'None of the alarms that triggered the composite alarm is in ALARM, so the instance is unknown.';
  return { found, refusal: { code: 'no-instance', reason } };
}

/** The name in an alarm ARN (`arn:aws:cloudwatch:region:account:alarm:name`; a name may contain colons). */
export function alarmNameOf(arn: string): string {
  return arn.split(':').slice(6).join(':');
}

const instanceIdForm = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** Uses the instance ID if exactly one was found; otherwise gives the reason why none is used. */
export function withOneInstance(ids: ReadonlyArray<string | undefined>, found: Shape['found']): Shape {
  const distinct = [...new Set(ids.filter((id): id is string => id !== undefined))];
  if (distinct.length === 0) {
    return { found, refusal: { code: 'no-instance', reason: 'The alarm does not name an instance.' } };
  }
  if (distinct.length > 1) {
    const reason = `The alarm watches ${distinct.length} instances; automation needs exactly one.`;
    return { found, refusal: { code: 'several-instances', reason } };
  }
  if (!instanceIdForm.test(distinct[0]!)) {
    return { found, refusal: { code: 'no-instance', reason: 'The alarm does not name a valid instance ID.' } };
  }
  return { found: { ...found, instanceId: distinct[0]! } };
}

function refuseByState(event: AlarmEvent, alarm: Alarm): Refusal | undefined {
  if (alarm.state !== 'ALARM') {
    return { code: 'not-in-alarm', reason: `The alarm changed to ${alarm.state}; there is nothing to do.` };
  }
  if (event.detail.muteDetail) {
    return { code: 'alarm-muted', reason: 'The alarm is muted by a mute rule.' };
  }
  if (event.detail.state.actionsSuppressedBy) {
    return { code: 'alarm-suppressed', reason: 'The actions of the alarm are suppressed.' };
  }
  return undefined;
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Invalid JSON counts as missing: the caller refuses with its own reason.
    return undefined;
  }
}
