import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { StageSettings } from '../../drill/backtest/model';
import type { LiveFunction } from './live-function';
import { BacktestError, type Overrides, settingsFrom } from './settings';

/**
 * The alarms that start restart-instance as a stage has them in AWS, those of enrolled instances too, and the settings
 * that its functions run with. Reads only.
 * @param live the function whose settings count; without it plan-action as deployed last, which need not be what alarms start
 * @throws BacktestError when the stage has no such alarm; errors of the SDK as they are
 */
export async function deployedSettings(
  stage: string,
  { cloudWatch, lambda }: { cloudWatch: CloudWatchClient; lambda: LambdaClient },
  overrides: Overrides = {},
  live?: LiveFunction,
): Promise<StageSettings> {
  const FunctionName = live?.name ?? `incident-playbooks-${stage}-plan-action`;
  const { Environment, LastModified, CodeSha256 } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName, ...(live && { Qualifier: live.qualifier }) }),
  );
  const alarms: MetricAlarm[] = [];
  const asked = { AlarmNamePrefix: `restart-instance-${stage}-`, AlarmTypes: ['MetricAlarm' as const] };
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch }, asked))
    alarms.push(...MetricAlarms.filter(({ MetricName, Statistic }) => MetricName && Statistic));
  if (alarms.length === 0)
    throw new BacktestError(`Stage ${stage} has no alarm that starts restart-instance: is it deployed here?`);
  const version = [LastModified && `changed ${LastModified}`, CodeSha256 && `code ${CodeSha256.slice(0, 12)}`];
  const source = `stage ${stage} ${live?.words ?? 'as it is deployed'} (${FunctionName.slice(`incident-playbooks-${stage}-`.length)} ${version.filter(Boolean).join(', ')})`;
  // DescribeAlarms answers with what PutMetricAlarm took.
  const inputs = alarms.map((alarm) => ({
    ...alarm,
    AlarmName: alarm.AlarmName!,
    EvaluationPeriods: alarm.EvaluationPeriods ?? 1,
  }));
  return settingsFrom(inputs as never, Environment?.Variables ?? {}, { stage, source }, overrides);
}
