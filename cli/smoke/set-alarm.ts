import { DescribeAlarmsCommand, type MetricAlarm, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { ask } from '../doctor/ask';
import type { Line } from '../doctor/line';
import type { Smoke } from './frame';

/** The metric alarm of a name; undefined if there is none. */
export async function readAlarm({ clients: { cloudWatch } }: Smoke, name: string): Promise<MetricAlarm | undefined> {
  const { MetricAlarms = [] } = await ask('cloudwatch:DescribeAlarms', () =>
    cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] })),
  );
  return MetricAlarms.find(({ AlarmName }) => AlarmName === name);
}

/** What this run writes as the reason of a state: the event carries it, so the execution can be told from others. */
export const reasonOf = ({ runId }: Pick<Smoke, 'runId'>): string => `smoke ${runId}`;

/**
 * Sets an alarm to ALARM, as its metric would. CloudWatch itself takes a metric alarm back at its next evaluation; the
 * ledger does it sooner, and for sure.
 * @returns when it was set, and how it goes back
 */
export async function setAlarm(
  smoke: Smoke,
  { AlarmName = '', StateValue = 'OK' }: MetricAlarm,
): Promise<{ since: Date; putBack: () => Promise<Line | undefined> }> {
  const { clients, clock, ledger, place } = smoke;
  const set = (state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', StateReason: string) =>
    ask('cloudwatch:SetAlarmState', () =>
      clients.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason })),
    );
  const putBack = ledger.note({
    what: `${AlarmName} is ${StateValue} again`,
    undo: () => set(StateValue, `${reasonOf(smoke)} is over`),
    byCommand: `aws cloudwatch set-alarm-state --region ${place.region} --alarm-name ${AlarmName} --state-value ${StateValue} --state-reason "back after a smoke test"`,
  });
  const since = clock.now();
  await set('ALARM', `${reasonOf(smoke)}: set to prove the way to its playbook`);
  return { since, putBack };
}
