import { DescribeAlarmContributorsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { cloudWatch } from '../shared/clients/cloudwatch';
import type { Alarm } from './alarm';
import type { AlarmNow } from './confirm';

/** The alarm's current state in CloudWatch, or undefined if it no longer exists. */
export async function readAlarm({
  alarmName,
  contributorId,
}: Pick<Alarm, 'alarmName' | 'contributorId'>): Promise<AlarmNow | undefined> {
  const described = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [alarmName], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  const found = described.MetricAlarms?.[0] ?? described.CompositeAlarms?.[0];
  if (!found) return undefined;
  const now = {
    state: found.StateValue ?? 'INSUFFICIENT_DATA',
    transitionedAt: (found.StateTransitionedTimestamp ?? found.StateUpdatedTimestamp)?.toISOString(),
    actionsEnabled: found.ActionsEnabled ?? true,
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
