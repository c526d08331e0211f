import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { StageSettings, WatchingAlarm } from '../../drill/backtest/model';
import { comparison, type TreatMissingData } from '../../drill/cloud/cloudwatch/evaluate';
import { metricAlarmsFor } from '../../drill/stack/alarms';
import { functionVariables } from '../../drill/stack/environment';
import { account, region } from '../../drill/stack/place';
import { resolveTemplate } from '../../drill/stack/resolve';
import type { StackResource, Template } from '../../drill/stack/template';
import { jointDetectors } from '../../functions/anomaly/joint-finding';
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
  threshold?: number;
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
  const {
    COOLDOWN_MINUTES,
    LADDER_WINDOW_MINUTES,
    UNKNOWN_SCORE,
    DETECTOR,
    OPT_IN_TAG = '',
  } = functionVariables(ofType(resources, 'AWS::Lambda::Function'));
  return {
    stage,
    alarms: starting.map((input) => watching(input, overrides)),
    guard: {
      cooldownMinutes: Number(COOLDOWN_MINUTES),
      ladderWindowMinutes: Number(LADDER_WINDOW_MINUTES),
      unknownScore: UNKNOWN_SCORE === 'act' ? 'act' : 'escalate',
      detector: jointDetectors.find((name) => name === DETECTOR) ?? 'ensemble',
    },
    optInTag: OPT_IN_TAG,
  };
}

const ofType = (resources: readonly StackResource[], type: string) => resources.filter((one) => one.type === type);

/** Overrides apply only to load alarms: the threshold of a status check is always 1. */
function watching(input: PutMetricAlarmInput, overrides: Overrides): WatchingAlarm {
  const isCheck = input.MetricName!.startsWith('StatusCheckFailed');
  const threshold = (isCheck ? undefined : overrides.threshold) ?? input.Threshold ?? 0;
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
