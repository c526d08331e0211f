import { secondsBetween } from '../../shared/clock';
import type { Conclusion } from '../outcome';
import { type DataPoint, type MetricName, outcomeMetric } from './catalogue';

/** A closed incident, as far as its metrics go. */
export interface ClosedFacts extends Conclusion {
  playbook: string;
  openedAt: string;
  closedAt: string;
  /** When the first change was asked for, if there was one. */
  actedAt?: string | undefined;
}

/** Codes by which a guard, not the alarm itself, ended the run. */
const guardCodes = new Set([
  'kill-switch-on',
  'mode-is-observe',
  'not-opted-in',
  'protected',
  'lease-lost',
  'joined',
  'cooldown',
  'breaker-open',
  'stopped-by-others',
  'still-pending',
  'instance-store-root',
  'instance-store-data',
  'one-time-spot',
  'stop-protection',
  'auto-scaling-member',
  'auto-scaling-not-in-service',
  'auto-scaling-minimum',
  'key-unusable',
  'address-changes',
]);

/** Whether a code means that a guardrail said no. */
export const isGuardRefusal = (code: string): boolean => guardCodes.has(code);

/** The numbers of one closed incident. Times are in seconds from the opening of the record. */
export function metricsOf(closed: ClosedFacts): DataPoint[] {
  const { playbook, outcome, code, openedAt, closedAt, actedAt } = closed;
  const point = (name: MetricName, value = 1): DataPoint => ({ name, value, playbook });
  return [
    point('Incidents'),
    point(outcomeMetric(outcome) as MetricName),
    point('Duration', secondsBetween(openedAt, closedAt)),
    ...(code === 'score-veto' ? [point('Vetoes')] : []),
    ...(isGuardRefusal(code) ? [point('GuardRefusals')] : []),
    ...(code === 'breaker-open' ? [point('BreakerOpen')] : []),
    ...(actedAt ? [point('TimeToAct', secondsBetween(openedAt, actedAt))] : []),
    ...(actedAt && outcome === 'RESOLVED' ? [point('TimeToRecover', secondsBetween(openedAt, closedAt))] : []),
  ];
}
