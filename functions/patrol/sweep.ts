/** An alarm that is in ALARM now. */
export interface StandingAlarm {
  alarmArn: string;
  alarmName: string;
  /** ISO 8601, UTC. */
  changedAt: string;
}

/** The fields of the incident of an alarm transition. */
export interface KnownIncident {
  status: string;
  outcome?: string | undefined;
  reason?: string | undefined;
}

export interface Stuck {
  code: 'alarm-unattended' | 'alarm-left';
  reason: string;
}

const minutesIn = ({ changedAt }: StandingAlarm, now: Date) =>
  Math.floor((now.getTime() - Date.parse(changedAt)) / 60_000);

/** Whether an alarm has been in ALARM for so long that somebody should know. */
export const hasStood = (alarm: StandingAlarm, now: Date, stuckMinutes: number): boolean =>
  minutesIn(alarm, now) >= stuckMinutes;

/**
 * Whether an alarm is unattended: it has been in ALARM for long, without an open incident. Alarms act only on
 * transitions, so an event that was skipped (for example by a cooldown) or lost does not start the playbook again.
 */
export function judgeStanding(
  alarm: StandingAlarm,
  incident: KnownIncident | undefined,
  now: Date,
  stuckMinutes: number,
): Stuck | undefined {
  if (!hasStood(alarm, now, stuckMinutes) || incident?.status === 'OPEN') return undefined;
  const since = `Alarm ${alarm.alarmName} has been in ALARM for ${minutesIn(alarm, now)} minutes`;
  if (!incident)
    return {
      code: 'alarm-unattended',
      reason: `${since} without an incident. Find out why no event arrived, and start the playbook if needed.`,
    };
  const end = `Its incident ended as ${incident.outcome ?? 'unknown'}: ${incident.reason ?? 'no reason was recorded.'}`;
  return { code: 'alarm-left', reason: `${since}. ${end} Start the playbook manually to try again.` };
}
