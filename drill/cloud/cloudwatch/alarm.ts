import type { MetricAlarm, PutMetricAlarmInput, StateValue } from '@aws-sdk/client-cloudwatch';
import { UnmodelledInputError } from '../errors';
import {
  comparison,
  type EvaluationRule,
  evaluate,
  evaluationRange,
  stateReason,
  type TreatMissingData,
} from './evaluate';
import type { Datapoint, MetricName } from './metric';
import type { Metrics } from './series';

/** A state an alarm is or was in. `at` in epoch ms. */
export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  readonly reasonData?: string;
  readonly at: number;
}

/** What an alarm is in before its first evaluation. */
export function initialState(): AlarmState {
  return { value: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', at: Date.now() };
}

interface Watched {
  readonly metric: MetricName;
  readonly periodSeconds: number;
  readonly stat: string;
}

/** A metric alarm. `manual` ones are never evaluated: their state is what SetAlarmState made it. */
export class Alarm {
  state: AlarmState = initialState();
  readonly configuredAt = Date.now();
  readonly watched: Watched | null;
  /** The last period that was evaluated, and the state that it gave: the same data gives the same state. */
  private settled: { to: number; value: StateValue } | undefined;

  constructor(
    readonly input: PutMetricAlarmInput & { AlarmName: string },
    readonly arn: string,
    readonly evaluation: 'by-metric' | 'manual',
  ) {
    this.watched = evaluation === 'manual' ? null : watchedBy(input);
  }

  get name(): string {
    return this.input.AlarmName;
  }

  /** What the alarm's state should be now, by its metric. */
  evaluated(metrics: Metrics): AlarmState {
    if (!this.watched) return this.state;
    const { metric, periodSeconds, stat } = this.watched;
    const period = periodSeconds * 1000;
    const now = Date.now();
    const to = Math.floor(now / period) * period;
    if (this.settled?.to === to && this.settled.value === this.state.value) return this.state;
    const n = this.input.EvaluationPeriods ?? 1;
    const from = to - evaluationRange(n) * period;
    const datapoints = metrics.read(metric, { from, to, periodSeconds, stat });
    const byStart = new Map(datapoints.map((datapoint) => [datapoint.at, datapoint.value]));
    const points = Array.from({ length: evaluationRange(n) }, (_, index) => byStart.get(from + index * period) ?? null);
    const rule = ruleOf(this.input);
    const value = evaluate(points, rule, this.state.value);
    this.settled = { to, value };
    if (value === this.state.value) return this.state;
    const recent = datapoints.slice(-n);
    const reason = stateReason(value, recent, {
      ...rule,
      operator: this.input.ComparisonOperator!,
      threshold: this.input.Threshold ?? 0,
    });
    return {
      value,
      reason,
      reasonData: reasonData(this.watched, this.input.Threshold ?? 0, recent, now, to - n * period),
      at: now,
    };
  }

  /** The alarm as DescribeAlarms answers it. */
  view(): MetricAlarm {
    const { Tags, ...settings } = this.input;
    return {
      ...settings,
      ActionsEnabled: settings.ActionsEnabled ?? true,
      AlarmArn: this.arn,
      AlarmConfigurationUpdatedTimestamp: new Date(this.configuredAt),
      StateValue: this.state.value,
      StateReason: this.state.reason,
      ...(this.state.reasonData && { StateReasonData: this.state.reasonData }),
      StateUpdatedTimestamp: new Date(this.state.at),
      StateTransitionedTimestamp: new Date(this.state.at),
    };
  }
}

function ruleOf(input: PutMetricAlarmInput): EvaluationRule {
  const evaluationPeriods = input.EvaluationPeriods ?? 1;
  return {
    evaluationPeriods,
    datapointsToAlarm: input.DatapointsToAlarm ?? evaluationPeriods,
    treatMissingData: (input.TreatMissingData ?? 'missing') as TreatMissingData,
    breaches: comparison(input.ComparisonOperator, input.Threshold ?? 0) ?? (() => false),
  };
}

/** The one metric an alarm watches. @throws UnmodelledInputError for metric math, bands and queries. */
function watchedBy(input: PutMetricAlarmInput): Watched {
  const only = input.Metrics?.length === 1 ? input.Metrics[0]?.MetricStat : undefined;
  const refuse = (why: string) =>
    new UnmodelledInputError(
      `Alarm ${input.AlarmName}: the simulated CloudWatch does not evaluate ${why}; put it with evaluation 'manual'.`,
    );
  if (input.Metrics && !only) throw refuse('metric math, anomaly detection bands or Metrics Insights queries');
  if (!comparison(input.ComparisonOperator, 0)) throw refuse(`the comparison ${input.ComparisonOperator}`);
  const dimensions = (only?.Metric?.Dimensions ?? input.Dimensions ?? []).map(({ Name, Value }) => [
    Name ?? '',
    Value ?? '',
  ]);
  return {
    metric: {
      namespace: only?.Metric?.Namespace ?? input.Namespace ?? '',
      metricName: only?.Metric?.MetricName ?? input.MetricName ?? '',
      dimensions: Object.fromEntries(dimensions),
    },
    periodSeconds: only?.Period ?? input.Period ?? 60,
    stat: only?.Stat ?? input.ExtendedStatistic ?? input.Statistic ?? 'Average',
  };
}

function reasonData(
  watched: Watched,
  threshold: number,
  recent: readonly Datapoint[],
  now: number,
  start: number,
): string {
  return JSON.stringify({
    version: '1.0',
    queryDate: alarmTime(now),
    startDate: alarmTime(recent[0]?.at ?? start),
    statistic: watched.stat,
    period: watched.periodSeconds,
    recentDatapoints: recent.map(({ value }) => value),
    threshold,
    evaluatedDatapoints: recent
      .toReversed()
      .map(({ at, value, sampleCount }) => ({ timestamp: alarmTime(at), sampleCount, value })),
  });
}

/** A point in time as alarm events write it: `2019-10-02T17:04:40.989+0000`. */
export function alarmTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}
