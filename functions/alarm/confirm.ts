import type { Code } from '../record/codes';
import type { Conclusion } from '../record/conclusion';
import type { Alarm } from './alarm';

/** An alarm as DescribeAlarms returns it. */
export interface AlarmNow {
  state: string;
  transitionedAt: string | undefined;
  actionsEnabled: boolean;
  /** For a composite alarm: the states of the existing child alarms that named the instance. */
  childStates?: string[];
}

export interface Confirmation {
  verdict: 'ALARM' | 'NOT_CONFIRMED';
  conclusion?: Conclusion;
}

/** Allowed difference between the event's and DescribeAlarms' timestamps, which may be rounded differently, in milliseconds. */
export const clocksDifferMs = 2_000;

const skip = (code: Code, reason: string): Confirmation => ({
  verdict: 'NOT_CONFIRMED',
  conclusion: { outcome: 'SKIPPED', code, reason },
});

/**
 * Whether the alarm that started the incident is still in ALARM, from the same transition.
 * @param wasRebooted whether this incident has already rebooted the instance
 */
export function confirm(alarm: Alarm, now: AlarmNow | undefined, wasRebooted = false): Confirmation {
  if (!now) return skip('alarm-deleted', 'The alarm no longer exists.');
  if (now.state === 'OK') {
    const since = wasRebooted ? 'after the reboot, before the stop' : 'by itself before anything was done';
    return skip('alarm-recovered', `The alarm went back to OK ${since}.`);
  }
  if (now.state !== 'ALARM')
    return skip('alarm-unknown', `The alarm is now ${now.state}, so it is unknown whether there is trouble.`);
  if (!now.actionsEnabled)
    return skip('alarm-actions-disabled', 'The actions of the alarm are disabled, which counts as maintenance.');
  if (now.childStates?.every((state) => state !== 'ALARM'))
    return skip(
      'alarm-recovered',
      'The composite alarm is still on, but no child alarm of this instance is in ALARM any more.',
    );
  const isNewer =
    now.transitionedAt !== undefined && Date.parse(now.transitionedAt) > Date.parse(alarm.changedAt) + clocksDifferMs;
  if (isNewer)
    return skip(
      'alarm-superseded',
      'The alarm has changed again since this event; the newer event is handled instead.',
    );
  return { verdict: 'ALARM' };
}
