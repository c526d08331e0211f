import { secondsBetween } from '../../shared/clock';
import { factsOf } from '../codes';
import type { Conclusion } from '../conclusion';
import { type DataPoint, type MetricName, outcomeMetric } from './catalogue';

/** The fields of a closed incident that its metrics need. */
export interface ClosedFacts extends Conclusion {
  playbook: string;
  openedAt: string;
  closedAt: string;
  /** When the first change was requested, if there was one. */
  actedAt?: string | undefined;
}

/** The metrics of one closed incident. Times are in seconds from the opening of the record. */
export function metricsOf(closed: ClosedFacts): DataPoint[] {
  const { playbook, outcome, code, openedAt, closedAt, actedAt } = closed;
  const point = (name: MetricName, value = 1): DataPoint => ({ name, value, playbook });
  return [
    point('Incidents'),
    point(outcomeMetric(outcome) as MetricName),
    point('Duration', secondsBetween(openedAt, closedAt)),
    ...(factsOf(code).counts ?? []).map(({ name, value }) => point(name, value)),
    ...(actedAt ? [point('TimeToAct', secondsBetween(openedAt, actedAt))] : []),
    ...(actedAt && outcome === 'RESOLVED' ? [point('TimeToRecover', secondsBetween(openedAt, closedAt))] : []),
  ];
}
