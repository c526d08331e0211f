import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { StageSettings, WatchingAlarm } from '../../drill/backtest/model';
import { comparison, type TreatMissingData } from '../../drill/cloud/cloudwatch/evaluate';
import { didYouMean } from '../../drill/input/did-you-mean';
import { quote } from '../../drill/input/quote';
import { metricAlarmsFor } from '../../drill/stack/alarms';
import { functionVariables } from '../../drill/stack/environment';
import { account, region } from '../../drill/stack/place';
import { resolveTemplate } from '../../drill/stack/resolve';
import type { StackResource, Template } from '../../drill/stack/template';
import { jointDetectors } from '../../functions/anomaly/joint-finding';
import { kindOf } from '../../functions/anomaly/metrics';
import { readAlarmName } from '../../functions/enrolment/alarm-kinds';
import { PlaybookError } from '../../functions/shared/errors';

/** A backtest cannot be run as requested; the message says why. */
export class BacktestError extends PlaybookError {}

const signs: Record<string, string> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '≥',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};

export interface Overrides {
  /** Another threshold for the alarms of one metric. */
  threshold?: { metric: string; value: number };
  datapoints?: { datapointsToAlarm: number; evaluationPeriods: number };
}

/** The alarms that start restart-instance in a stage, and its guard settings, from the packaged template. */
export function settingsOf(template: Template, stage: string, overrides: Overrides = {}): StageSettings {
  const resources = [
    ...resolveTemplate(template, { account, region, stackName: `incident-playbooks-${stage}` }).values(),
  ];
  const inputs = metricAlarmsFor(ofType(resources, 'AWS::CloudWatch::Alarm'), ['i-00000000000000000']);
  const starting = inputs.filter(
    ({ AlarmName, MetricName }) => AlarmName?.startsWith('restart-instance-') && MetricName,
  );
  const variables = functionVariables(ofType(resources, 'AWS::Lambda::Function'));
  return settingsFrom(
    starting,
    variables,
    { stage, source: `the template of stage ${stage} in this folder` },
    overrides,
  );
}

/**
 * Settings out of alarms and the variables of the functions, wherever they were read.
 * @throws BacktestError when an override changes no alarm, or could never be reached
 */
export function settingsFrom(
  inputs: readonly PutMetricAlarmInput[],
  variables: Readonly<Record<string, string>>,
  { stage, source }: Pick<StageSettings, 'stage' | 'source'>,
  overrides: Overrides = {},
): StageSettings {
  refuseIdle(inputs, overrides);
  const { COOLDOWN_MINUTES, LADDER_WINDOW_MINUTES, UNKNOWN_SCORE, DETECTOR, OPT_IN_TAG = '' } = variables;
  return {
    stage,
    ...(source === undefined ? {} : { source }),
    alarms: inputs.map((input) => watching(input, stage, overrides)),
    guard: {
      cooldownMinutes: Number(COOLDOWN_MINUTES),
      ladderWindowMinutes: Number(LADDER_WINDOW_MINUTES),
      unknownScore: UNKNOWN_SCORE === 'act' ? 'act' : 'escalate',
      detector: jointDetectors.find((name) => name === DETECTOR) ?? 'ensemble',
    },
    optInTag: OPT_IN_TAG,
  };
}

/** Refuses a threshold that no alarm would have, or that its metric never reaches. */
function refuseIdle(inputs: readonly PutMetricAlarmInput[], { threshold }: Overrides): void {
  if (!threshold) return;
  const { metric, value } = threshold;
  const own = inputs.filter(({ MetricName }) => MetricName === metric);
  const names = [...new Set(inputs.map(({ MetricName = '' }) => MetricName))];
  if (own.length === 0 || metric.startsWith('StatusCheckFailed')) {
    const load = names.filter((name) => !name.startsWith('StatusCheckFailed'));
    throw new BacktestError(
      `--threshold: no load alarm watches ${quote(metric)}.${didYouMean(metric, load)} Alarms watch ${load.join(', ')}.`,
    );
  }
  if (kindOf(metric)?.unit === 'percent' && value > 100)
    throw new BacktestError(`--threshold: ${metric} is never above 100, so its alarm could not fire at ${value}.`);
}

const ofType = (resources: readonly StackResource[], type: string) => resources.filter((one) => one.type === type);

/** Overrides apply only to load alarms: the threshold of a status check is always 1. */
function watching(input: PutMetricAlarmInput, stage: string, overrides: Overrides): WatchingAlarm {
  const isCheck = input.MetricName!.startsWith('StatusCheckFailed');
  const other = overrides.threshold?.metric === input.MetricName ? overrides.threshold?.value : undefined;
  const threshold = other ?? input.Threshold ?? 0;
  const instanceId = readAlarmName(input.AlarmName!, stage)?.instanceId;
  const own = {
    evaluationPeriods: input.EvaluationPeriods ?? 1,
    datapointsToAlarm: input.DatapointsToAlarm ?? input.EvaluationPeriods ?? 1,
  };
  const { evaluationPeriods, datapointsToAlarm } = (isCheck ? undefined : overrides.datapoints) ?? own;
  const breaches = comparison(input.ComparisonOperator, threshold);
  if (!breaches)
    throw new BacktestError(`${input.AlarmName}: the comparison ${input.ComparisonOperator} is not supported`);
  const periodSeconds = input.Period ?? 60;
  return {
    name: input.AlarmName!,
    metricName: input.MetricName!,
    statistic: input.Statistic ?? 'Average',
    periodSeconds,
    threshold,
    ...(instanceId === undefined ? {} : { instanceId }),
    side: input.ComparisonOperator?.startsWith('LessThan') ? 'low' : 'high',
    words: `${signs[input.ComparisonOperator!]} ${threshold} in ${datapointsToAlarm} of ${evaluationPeriods} periods of ${periodSeconds} s`,
    rule: {
      evaluationPeriods,
      datapointsToAlarm,
      treatMissingData: (input.TreatMissingData ?? 'missing') as TreatMissingData,
      breaches,
    },
  };
}
