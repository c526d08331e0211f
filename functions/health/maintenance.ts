import type { Eligibility } from '../guard/eligibility';
import type { ReturnFacts, Snapshot } from '../guard/snapshot';
import type { Conclusion } from '../record/conclusion';
import { tellPlanned } from './host-trouble';
import type { PlannedEvent } from './planned-events';

export interface HostFacts {
  snapshot: Pick<Snapshot, 'state'>;
  returnFacts: Pick<ReturnFacts, 'scaling'>;
  /** The next planned event, if one is left. */
  planned: PlannedEvent | undefined;
  eligibility: Eligibility;
}

/**
 * What is to be done about an instance whose host EC2 will work on or retire: ask whether to move it, or why not. A stop
 * and start moves it; the member of an Auto Scaling group is replaced instead.
 * Sources: EC2 user guide, "Scheduled events for your instances"; Auto Scaling user guide, "Health checks".
 * @returns undefined when a person is to be asked
 */
export function concludeHost({ snapshot, returnFacts, planned, eligibility }: HostFacts): Conclusion | undefined {
  if (!planned) return skipped('maintenance-over', 'EC2 has nothing planned for the instance any more.');
  const told = tellPlanned(planned);
  if (snapshot.state === 'stopped')
    return skipped('maintenance-over', `${told} The instance is stopped, and its next start puts it on another host.`);
  const { scaling } = returnFacts;
  if (scaling?.lifecycle === 'InService')
    return skipped(
      'group-replaces',
      `${told} It belongs to the Auto Scaling group ${scaling.group}, which replaces such a member by itself unless its process ReplaceUnhealthy is suspended.`,
    );
  const { refusal } = eligibility;
  if (!refusal) return undefined;
  const reason = `${told} Automation may not stop and start it: ${refusal.reason} Do it yourself before then.`;
  return { outcome: 'ESCALATED', code: 'host-needs-person', reason };
}

const skipped = (code: 'maintenance-over' | 'group-replaces', reason: string): Conclusion => ({
  outcome: 'SKIPPED',
  code,
  reason,
});

const minuteOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Whether an instant lies in a daily window such as `09:00-16:00`, UTC; it may go past midnight. Pure. */
export function isInWindow(now: Date, window: string): boolean {
  const [from = 0, to = 0] = window.split('-').map(minuteOf);
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

const lastChanceMs = 24 * 3_600_000;

/**
 * When a planned event is to be proposed now: once in the stage's window, and once more, at whatever hour, on its last
 * day. Pure.
 */
export function dueNow({ notBefore }: PlannedEvent, now: Date, window: string): 'window' | 'last' | undefined {
  if (notBefore !== undefined && Date.parse(notBefore) - now.getTime() < lastChanceMs) return 'last';
  return isInWindow(now, window) ? 'window' : undefined;
}
