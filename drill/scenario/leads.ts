import type { Incident } from './incidents';
import type { AlarmTransition } from './result';

/** A patrol's suspicion of an instance, with its lead time over the first alarm. */
export interface Lead {
  instanceId: string;
  /** Epoch ms. */
  toldAt: number;
  alarmAt?: number;
  /** Minutes from the notice to the alarm; negative if the alarm came first; undefined without an alarm. */
  leadMinutes?: number;
  reason: string;
}

/** The first suspicion of each instance, compared with its first alarm, in the order of the notices. Pure. */
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
