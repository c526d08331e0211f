import type { Code } from '../record/codes';
import type { Conclusion } from '../record/conclusion';
import type { Alarm } from './alarm';

/** An alarm as DescribeAlarms gives it. */
export interface AlarmNow {
  state: string;
  transitionedAt: string | undefined;
  actionsEnabled: boolean;
}

export interface Confirmation {
  verdict: 'ALARM' | 'NOT_CONFIRMED';
  conclusion?: Conclusion;
}

/** Two clocks of CloudWatch (the event's and DescribeAlarms') may round differently, in milliseconds. */
export const clocksDifferMs = 2_000;

const skip = (code: Code, reason: string): Confirmation => ({
  verdict: 'NOT_CONFIRMED',
  conclusion: { outcome: 'SKIPPED', code, reason },
});

/**
 * Whether the alarm that started the incident still stands, and is still the same transition.
 * @param wasRebooted whether this incident has rebooted the instance already
 */
export function confirm(alarm: Alarm, now: AlarmNow | undefined, wasRebooted = false): Confirmation {
  if (!now) return skip('alarm-deleted', 'The alarm does not exist any more.');
  if (now.state === 'OK') {
    const since = wasRebooted ? 'after the reboot, before the stop' : 'by itself before anything was done';
    return skip('alarm-recovered', `The alarm went back to OK ${since}.`);
  }
  if (now.state !== 'ALARM')
    return skip('alarm-unknown', `The alarm is ${now.state} now, so whether there is trouble is unknown.`);
  if (!now.actionsEnabled)
    return skip('alarm-actions-disabled', 'The actions of the alarm are disabled, as people do for maintenance.');
  const isNewer =
    now.transitionedAt !== undefined && Date.parse(now.transitionedAt) > Date.parse(alarm.changedAt) + clocksDifferMs;
  if (isNewer)
    return skip(
      'alarm-superseded',
      'The alarm has changed again since this event; the newer event is handled instead.',
    );
  return { verdict: 'ALARM' };
}
