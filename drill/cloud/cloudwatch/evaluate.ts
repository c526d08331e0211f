import type { ComparisonOperator, StateValue } from '@aws-sdk/client-cloudwatch';

/** How an alarm treats periods without a datapoint. */
export type TreatMissingData = 'missing' | 'notBreaching' | 'breaching' | 'ignore';

/** An alarm's rule of evaluation. */
export interface EvaluationRule {
  /** N: how many datapoints are looked at. */
  readonly evaluationPeriods: number;
  /** M: how many of them have to breach. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
  readonly breaches: (value: number) => boolean;
}

/** CloudWatch looks a little further back than N periods for datapoints that did arrive. */
const EXTRA_PERIODS = 2;

/** How many periods are read for an evaluation of N. CloudWatch documents 5 for N = 3, and does not document the rest. */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + EXTRA_PERIODS;
}

/**
 * The state of an alarm after one evaluation.
 * @param points one value a period, oldest first, null where there was no datapoint; as long as the evaluation range
 * @param current the state before, which `ignore` keeps
 * Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", with both of its tables.
 */
export function evaluate(points: readonly (number | null)[], rule: EvaluationRule, current: StateValue): StateValue {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData, breaches } = rule;
  const real = points.filter((point) => point !== null).slice(-evaluationPeriods);
  const breaching = real.filter(breaches).length;
  const filled = evaluationPeriods - real.length;

  if (filled === 0) return breaching >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (treatMissingData === 'breaching') return breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (treatMissingData === 'notBreaching') return breaching >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (real.length === 0) return treatMissingData === 'ignore' ? current : 'INSUFFICIENT_DATA';
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (breaching < real.length) return 'OK';
  if (treatMissingData === 'ignore') return current;
  // All that arrived is breaching: an alarm once the oldest of it is at least M periods old, so as not to be premature.
  return points.length - points.findIndex((point) => point !== null) >= datapointsToAlarm ? 'ALARM' : 'OK';
}

const COMPARISONS: Partial<Record<ComparisonOperator, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** The test a comparison operator makes; none for the operators of anomaly detection bands. */
export function comparison(
  operator: ComparisonOperator | undefined,
  threshold: number,
): ((value: number) => boolean) | null {
  const compare = operator && COMPARISONS[operator];
  return compare ? (value) => compare(value, threshold) : null;
}

const WORDS: Partial<Record<ComparisonOperator, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** The sentence with which CloudWatch explains a state. */
export function stateReason(
  state: StateValue,
  points: readonly { at: number; value: number }[],
  rule: EvaluationRule & { operator: ComparisonOperator; threshold: number },
): string {
  const { evaluationPeriods: n, datapointsToAlarm: m, operator, threshold } = rule;
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${count(n)} ${n === 1 ? 'was' : 'were'} unknown.`;
  const alarm = state === 'ALARM';
  if (points.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${n} ${n === 1 ? 'period' : 'periods'} and ${n} missing ${n === 1 ? 'datapoint was' : 'datapoints were'} treated as [${alarm ? 'Breaching' : 'NonBreaching'}].`;
  }
  const deciding = points.filter(({ value }) => rule.breaches(value) === alarm);
  const shown = deciding.length > 0 ? deciding : points;
  const values = shown.map(({ at, value }) => `${decimal(value)} (${shortDate(at)})`).join(', ');
  const verb = shown.length === 1 ? 'was' : 'were';
  const minimum = alarm ? m : n - m + 1;
  const transition = alarm ? 'OK -> ALARM' : 'ALARM -> OK';
  return `Threshold Crossed: ${shown.length} out of the last ${count(n)} [${values}] ${verb} ${alarm ? '' : 'not '}${WORDS[operator]} the threshold (${decimal(threshold)}) (minimum ${count(minimum)} for ${transition} transition).`;
}

function count(datapoints: number): string {
  return `${datapoints} ${datapoints === 1 ? 'datapoint' : 'datapoints'}`;
}

function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** 24/11/26 02:00:00 in UTC. */
function shortDate(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().slice(2, 19).split('T');
  return `${date.split('-').reverse().join('/')} ${time}`;
}
