/** An alarm that is in ALARM now. */
export interface StandingAlarm {
  alarmArn: string;
  alarmName: string;
  /** ISO 8601, UTC. */
  changedAt: string;
}

/** What is known of the incident of an alarm's transition. */
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
 * Whether an alarm in ALARM is left alone: it has stood for long and no incident is open for it. Alarms act on
 * transitions only, so work that was skipped (by a cooldown, say) or an event that was lost never comes back by itself.
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
  if (!incident) return { code: 'alarm-unattended', reason: `${since}, and no incident was ever opened for it.` };
  const end = `Its incident ended as ${incident.outcome ?? 'unknown'}: ${incident.reason ?? 'no reason was recorded.'}`;
  return { code: 'alarm-left', reason: `${since}. ${end} Start the playbook by hand if it should be tried again.` };
}
