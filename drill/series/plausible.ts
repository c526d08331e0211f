import { kindOf } from '../../functions/anomaly/metrics';
import { quote } from '../input/quote';
import type { SeriesColumn } from './model';

/** CloudWatch rounds percentages of CPU time: slightly above 100 means 100. */
const mostPercent = 101;

/**
 * Rejects values that a metric cannot have: then it is another metric, or another unit.
 * @throws the column's error for the first such value, which says how to name the metric
 */
export function checkValues({ values, label, refuse }: SeriesColumn, metric: string): void {
  const kind = kindOf(metric);
  if (!kind) return;
  const most = kind.unit === 'percent' ? mostPercent : kind.judgedBy === 'rule' ? 60 : Number.POSITIVE_INFINITY;
  const at = values.findIndex((value) => value < 0 || value > most);
  if (at < 0) return;
  const range = most === Number.POSITIVE_INFINITY ? 'is never below 0' : `lies between 0 and ${Math.min(most, 100)}`;
  const howTo = `If ${quote(label)} is another metric, name it: --metric NAME, or FILE=NAME for one of several files`;
  throw refuse(`${values[at]} cannot be ${metric}, which ${range}`, at, { howTo });
}
