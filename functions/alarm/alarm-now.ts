import { DescribeAlarmContributorsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { cloudWatch } from '../shared/clients/cloudwatch';
import type { Alarm } from './alarm';
import type { AlarmNow } from './confirm';

/** The alarm's current state in CloudWatch, or undefined if it no longer exists. */
export async function readAlarm({
  alarmName,
  contributorId,
  childAlarms = [],
}: Pick<Alarm, 'alarmName' | 'contributorId' | 'childAlarms'>): Promise<AlarmNow | undefined> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({
      AlarmNames: [alarmName, ...childAlarms],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    }),
  );
  const all = [...MetricAlarms, ...CompositeAlarms];
  const found = all.find(({ AlarmName }) => AlarmName === alarmName);
  if (!found) return undefined;
  const children = all.filter(({ AlarmName }) => childAlarms.includes(AlarmName ?? ''));
  const now = {
    state: found.StateValue ?? 'INSUFFICIENT_DATA',
    transitionedAt: (found.StateTransitionedTimestamp ?? found.StateUpdatedTimestamp)?.toISOString(),
    actionsEnabled: found.ActionsEnabled ?? true,
    ...(children.length > 0
      ? { childStates: children.map(({ StateValue }) => StateValue ?? 'INSUFFICIENT_DATA') }
      : {}),
  };
  if (contributorId === undefined) return now;
  return { ...now, ...(await readContributor(alarmName, contributorId)) };
}

/** A Metrics Insights alarm lists the contributors currently in ALARM. */
async function readContributor(
  alarmName: string,
  contributorId: string,
): Promise<Pick<AlarmNow, 'state' | 'transitionedAt'>> {
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch.send(
      new DescribeAlarmContributorsCommand({ AlarmName: alarmName, ...(NextToken ? { NextToken } : {}) }),
    );
    const found = page.AlarmContributors?.find(({ ContributorId }) => ContributorId === contributorId);
    if (found) return { state: 'ALARM', transitionedAt: found.StateTransitionedTimestamp?.toISOString() };
    NextToken = page.NextToken;
  } while (NextToken);
  return { state: 'OK', transitionedAt: undefined };
}
