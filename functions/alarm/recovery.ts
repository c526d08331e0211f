import type { StatusChecks } from '../guard/snapshot';
import type { Conclusion } from '../record/conclusion';
import { plural } from '../shared/plural';
import * as z from '../shared/schema';
import { lookAgain, waitSchema } from '../shared/wait';
import type { AlarmNow } from './confirm';

const afterSchema = z.enum(['reboot', 'stop-start']);
export type After = z.output<typeof afterSchema>;

/** The state of the verification after an action. */
export const recoverySchema = z.extend(waitSchema, {
  after: afterSchema,
  agreed: z.number(),
  alarmState: z.string(),
  verdict: z.enum(['WAITING', 'CLIMB', 'DONE']),
});
export type Recovery = z.output<typeof recoverySchema> & { conclusion?: Conclusion };

export interface Evidence {
  /** The alarm's state now; undefined if the run has no alarm (a manual start, or a drill). */
  alarmState: string | undefined;
  checks: StatusChecks;
  /** Other alarms of the instance that went into ALARM after the action. */
  newAlarms: string[];
  /**
   * Seconds that the evaluation of the quickest of them spans. Until then they may be in ALARM for nothing but the gap that
   * the action made in the metrics (missing data as a breach, a sum that fell): such an alarm goes back by itself once
   * its evaluation no longer reaches into the gap, which was over when the instance was first found healthy.
   */
  settlesWithinSeconds?: number;
}

/**
 * What an alarm says of the instance now: a composite may stand for others' sake, so its children that named the
 * instance count as long as there are any.
 */
export function stateForInstance(now: AlarmNow | undefined): string {
  if (!now) return 'DELETED';
  const children = now.childStates ?? [now.state];
  return children.find((state) => state !== 'OK') ?? 'OK';
}

/** One OK may be an old one: two in a row count. */
const agreeingReads = 2;

/**
 * One look at whether the action helped. Only an alarm that says OK, twice, counts as recovered;
 * INSUFFICIENT_DATA does not. After a reboot that did not help, the next rung is climbed.
 */
export function judge(
  after: After,
  evidence: Evidence,
  previous: z.output<typeof recoverySchema> | undefined,
  now: Date,
  ceilingSeconds: number,
): Recovery {
  const before = previous?.after === after ? previous : undefined;
  const { wait, waited } = lookAgain(before, now);
  const { alarmState, checks, newAlarms } = evidence;
  const isHealthy = checks.system === 'ok' && checks.instance === 'ok';
  const isGood = isHealthy && (alarmState === undefined || alarmState === 'OK');
  const agreed = isGood ? (before?.agreed ?? 0) + 1 : 0;
  const base = { ...wait, after, agreed, alarmState: alarmState ?? 'NOT_ASKED' };
  const isOverdue = waited >= ceilingSeconds;
  const settles = newAlarms.length > 0 && waited < (evidence.settlesWithinSeconds ?? 0);
  if (agreed >= agreeingReads && (isOverdue || !settles))
    return { ...base, verdict: 'DONE', conclusion: recovered(after, evidence) };
  if (!isOverdue) return { ...base, verdict: 'WAITING' };
  if (after === 'reboot') return { ...base, verdict: 'CLIMB' };
  return { ...base, verdict: 'DONE', conclusion: notRecovered(evidence, ceilingSeconds, newAlarms) };
}

function recovered(after: After, { alarmState, newAlarms }: Evidence): Conclusion {
  if (newAlarms.length > 0) {
    const reason = `The alarm is OK, but ${plural(newAlarms.length, 'other alarm')} of the instance fired after the action, for example ${newAlarms[0]}.`;
    return { outcome: 'WORSE', code: 'other-alarms', reason };
  }
  const action = after === 'reboot' ? 'the reboot' : 'the stop and start';
  const proof =
    alarmState === undefined ? 'both status checks are ok' : 'the alarm is OK and both status checks are ok';
  return { outcome: 'RESOLVED', code: 'recovered', reason: `After ${action} ${proof}.` };
}

function notRecovered({ alarmState, checks }: Evidence, ceilingSeconds: number, newAlarms: string[]): Conclusion {
  const minutes = Math.round(ceilingSeconds / 60);
  const isUnhealthy = checks.system === 'impaired' || checks.instance === 'impaired';
  if (isUnhealthy || newAlarms.length > 0) {
    const reason = `${minutes} minutes after the action the instance is in worse condition: system check ${checks.system}, instance check ${checks.instance}, ${plural(newAlarms.length, 'new alarm')}.`;
    return { outcome: 'WORSE', code: 'worse-after-action', reason };
  }
  if (alarmState === 'INSUFFICIENT_DATA') {
    const reason = `The alarm has had no data for ${minutes} minutes since the action, which does not count as recovered.`;
    return { outcome: 'INEFFECTIVE', code: 'no-data-after-action', reason };
  }
  return {
    outcome: 'INEFFECTIVE',
    code: 'still-in-alarm',
    reason: `The alarm is still ${alarmState === undefined ? 'unknown' : `in ${alarmState}`} ${minutes} minutes after the action.`,
  };
}
