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

/**
 * Whether an alarm is unattended: it has been in ALARM for long, without an open incident. Alarms act only on
 * transitions, so an event that was skipped (for example by a cooldown) or lost does not start the playbook again.
 */
export function judgeStanding(
  { alarmName, changedAt }: StandingAlarm,
  incident: KnownIncident | undefined,
  now: Date,
  stuckMinutes: number,
): Stuck | undefined {
  const minutes = Math.floor((now.getTime() - Date.parse(changedAt)) / 60_000);
  if (minutes < stuckMinutes || incident?.status === 'OPEN') return undefined;
  const since = `Alarm ${alarmName} has been in ALARM for ${minutes} minutes`;
  if (!incident)
    return {
      code: 'alarm-unattended',
      reason: `${since} without an incident. Find out why no event arrived, and start the playbook if needed.`,
    };
  const end = `Its incident ended as ${incident.outcome ?? 'unknown'}: ${incident.reason ?? 'no reason was recorded.'}`;
  return { code: 'alarm-left', reason: `${since}. ${end} Start the playbook manually to try again.` };
}
