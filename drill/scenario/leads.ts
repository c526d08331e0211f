import type { Incident } from './incidents';
import type { AlarmTransition } from './result';

/** A patrol's suspicion of an instance, and how long its first alarm came after it. */
export interface Lead {
  instanceId: string;
  /** Epoch ms. */
  toldAt: number;
  alarmAt?: number;
  /** Minutes from the notice to the alarm; negative when the alarm came first; undefined without an alarm. */
  leadMinutes?: number;
  reason: string;
}

/** The first suspicion of each instance against the first alarm on it, in the order of telling. Pure. */
export function leadsOf(incidents: readonly Incident[], alarms: readonly AlarmTransition[]): Lead[] {
  const first = new Map<string, Incident>();
  for (const incident of incidents) {
    const { outcome, instanceId } = incident;
    if (outcome === 'SUSPECTED' && instanceId && !first.has(instanceId)) first.set(instanceId, incident);
  }
  return [...first].map(([instanceId, { openedAt, reason = '' }]) => {
    const toldAt = Date.parse(openedAt);
    const alarm = alarms.find(({ alarmName, state }) => state === 'ALARM' && alarmName.endsWith(instanceId));
    const found = alarm && { alarmAt: alarm.at, leadMinutes: (alarm.at - toldAt) / 60_000 };
    return { instanceId, toldAt, ...found, reason };
  });
}
