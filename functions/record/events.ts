import type { Config } from '../shared/config';
import { oneLine } from '../shared/plain-text';
import type { Conclusion } from './conclusion';
import type { EventDetail, EventType } from './event-schema';
import type { NewIncident } from './incident';
import { endsWell, severityOf } from './outcomes';

/** What an incident is, as far as events say it. */
export type Told = Pick<NewIncident, 'incidentId' | 'playbook' | 'mode' | 'drill' | 'executionId'> &
  Partial<Pick<NewIncident, 'instanceId' | 'alarm' | 'finding'>>;
type Opened = Told & { trigger: EventDetail<'incident.opened'>['trigger']; openedAt: string };

/** An event of this product, before it is sent. */
export type ProjectEvent = { [T in EventType]: { type: T; detail: EventDetail<T> } }[EventType];

const cut = (text: string, most: number) => oneLine(text).slice(0, most);

/** The fields that every event has. Texts from outside are on one line and of limited length. Pure. */
function aboutOf({ incidentId, playbook, mode, drill, executionId, ...more }: Told, { STAGE }: Pick<Config, 'STAGE'>) {
  const { instanceId, alarm, finding } = more;
  return {
    ...{ version: '1' as const, incidentId, playbook, stage: STAGE, mode, drill },
    ...(executionId.includes(':states:') ? { executionArn: executionId } : {}),
    ...(instanceId ? { instanceId } : {}),
    ...(alarm?.alarmName ? { alarmName: cut(alarm.alarmName, 255) } : {}),
    ...(finding?.type ? { findingType: cut(finding.type, 255) } : {}),
  };
}

/** The event of an incident that was opened. Pure. */
export function openedEvent(incident: Opened, config: Pick<Config, 'STAGE'>): ProjectEvent {
  const { trigger, openedAt } = incident;
  return { type: 'incident.opened', detail: { ...aboutOf(incident, config), trigger, openedAt } };
}

/** The event of an incident that was closed. Pure. */
export function closedEvent(
  incident: Opened,
  { outcome, code, reason, closedAt }: Conclusion & { closedAt: string },
  config: Pick<Config, 'STAGE'>,
): ProjectEvent {
  const { trigger, openedAt } = incident;
  const end = { closedAt, outcome, code, severity: severityOf(outcome), endedWell: endsWell(outcome) };
  const detail = { ...aboutOf(incident, config), trigger, openedAt, ...end, reason: cut(reason, 1_024) };
  return { type: 'incident.closed', detail };
}

type Question = Pick<
  EventDetail<'approval.asked'>,
  'questionId' | 'subject' | 'what' | 'needed' | 'askedAt' | 'answerBy'
>;

/** The event of a request for approval: never its token. Pure. */
export function askedEvent(
  incident: Told,
  { questionId, subject, what, needed, askedAt, answerBy }: Question,
  config: Pick<Config, 'STAGE'>,
): ProjectEvent {
  const asked = { questionId, subject, what: cut(what, 2_048), needed, askedAt, answerBy };
  return { type: 'approval.asked', detail: { ...aboutOf(incident, config), ...asked } };
}
