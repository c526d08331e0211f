import { placeUnless } from '../place/codes';
import { scopeOf } from '../place/place';
import type { NewIncident } from '../record/incident';
import { newIncident } from '../record/new-incident';
import type { Config } from '../shared/config';
import { toIsoInstant } from '../shared/instant';
import { isManualStart } from '../shared/manual-start';
import { parseOutside, withoutNulls } from '../shared/parse';
import * as z from '../shared/schema';
import type { Alarm } from './alarm';
import { type AlarmEvent, alarmEventSchema, drillSchema, manualStartSchema } from './event-schema';
import { normalise } from './normalise';

/** What a machine was started with, and by which execution. */
export interface Started {
  event: unknown;
  executionId: string;
  playbook: string;
}

/** Whether it is an alarm's event, or one that a drill on a deployed stage has wrapped. */
export function isAlarmEvent(event: unknown): boolean {
  if (typeof event !== 'object' || event === null) return false;
  if ('start' in event) return event.start === 'drill' && 'event' in event && isAlarmEvent(event.event);
  return 'source' in event && event.source === 'aws.cloudwatch';
}

/**
 * Parses an alarm's event, or one that a drill has wrapped.
 * @throws InvalidInputError naming the field, if it is neither an alarm event, a drill nor a manual start
 */
export function parseAlarmEvent(event: unknown): { alarmEvent: AlarmEvent; drill: boolean } {
  const start = typeof event === 'object' && event !== null && 'start' in event ? event.start : undefined;
  if (start === 'drill') return { alarmEvent: parseOutside(drillSchema, event, 'event').event, drill: true };
  if (isManualStart(event)) parseOutside(manualStartSchema, event, 'event');
  return { alarmEvent: parseOutside(alarmEventSchema, event, 'event'), drill: false };
}

/** What happened: the same for every delivery of an alarm's event. */
export const keyOfAlarm = (alarm: Alarm, drill: boolean, executionId: string): string =>
  [alarm.alarmArn, alarm.contributorId, alarm.changedAt, drill ? executionId : undefined].filter(Boolean).join('#');

/**
 * An incident of an alarm that need not name an instance, such as one on a log.
 * @throws InvalidInputError naming the field
 */
export function incidentOfAlarm(
  { event, executionId, playbook }: Started,
  now: Date,
  config: Pick<Config, 'ACCOUNT_IDS' | 'REGIONS' | 'MODE'>,
): NewIncident & { alarm: Alarm } {
  const { alarmEvent, drill } = parseAlarmEvent(event);
  const scope = scopeOf(config);
  const read = normalise(alarmEvent, scope);
  const { instanceId: _none, ...named } = read.alarm;
  const since = dataSinceOf(alarmEvent);
  const alarm = { ...named, ...(since ? { dataSince: since } : {}) };
  const refusal = isAboutInstances(read.refusal?.code) ? undefined : read.refusal;
  const found = { ...(refusal ? { refusal } : {}), ...placeUnless(refusal, alarm, scope) };
  const begun = { executionId, playbook, trigger: 'alarm' as const, drill, alarm, ...found };
  return newIncident(keyOfAlarm(alarm, drill, executionId), begun, now, config);
}

const isAboutInstances = (code: string | undefined) => code === 'no-instance' || code === 'several-instances';

/** `startDate` of an alarm's `state.reasonData`, a JSON string. Source: CloudWatch user guide, "Alarm events and EventBridge". */
const reasonSchema = z.looseObject({ startDate: z.optional(z.string().check(z.maxLength(40))) });

function dataSinceOf({ detail }: AlarmEvent): string | undefined {
  const { reasonData } = detail.state;
  if (reasonData === undefined) return undefined;
  try {
    const parsed = reasonSchema.safeParse(withoutNulls(JSON.parse(reasonData)));
    return parsed.success && parsed.data.startDate ? toIsoInstant(parsed.data.startDate) : undefined;
  } catch (error) {
    // Then the usual time is looked at.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
