import { quantile } from '../anomaly/quantile';
import { secondsBetween } from '../shared/clock';
import { type ReviewRecord, wasActedOn } from './record';

/** Seconds; `count` is the number of incidents behind the figures. */
export interface Spread {
  count: number;
  median: number | null;
  p95: number | null;
}

export interface Figures {
  incidents: number;
  acted: number;
  byOutcome: Record<string, number>;
  /** From the first breaching datapoint, if the metric is known, otherwise from the alarm's change, to the record. */
  timeToDetect: Spread;
  /** From the record's opening to the first requested change. */
  timeToAct: Spread;
  /** From the record's opening to its end as RESOLVED, for incidents with an action. */
  timeToRecover: Spread;
  /** Shares of the incidents with an action; null if there were none. */
  ineffectiveRate: number | null;
  worseRate: number | null;
}

/**
 * The figures of a period.
 * @param breaches when the metric first breached, by incident id, in ISO 8601
 */
export function figuresOf(records: readonly ReviewRecord[], breaches: ReadonlyMap<string, string>): Figures {
  const acted = records.filter(wasActedOn);
  const byOutcome: Record<string, number> = {};
  for (const { outcome } of records) byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1;
  const share = (outcome: string) =>
    acted.length === 0 ? null : acted.filter((one) => one.outcome === outcome).length / acted.length;
  return {
    incidents: records.length,
    acted: acted.length,
    byOutcome,
    timeToDetect: spreadOf(
      records.flatMap(({ incidentId, alarm, openedAt }) => {
        const since = breaches.get(incidentId) ?? alarm?.changedAt;
        return since === undefined ? [] : [secondsBetween(since, openedAt)];
      }),
    ),
    timeToAct: spreadOf(acted.map(({ openedAt, extra }) => secondsBetween(openedAt, extra!.actedAt!))),
    timeToRecover: spreadOf(
      acted
        .filter(({ outcome }) => outcome === 'RESOLVED')
        .map(({ openedAt, closedAt }) => secondsBetween(openedAt, closedAt)),
    ),
    ineffectiveRate: share('INEFFECTIVE'),
    worseRate: share('WORSE'),
  };
}

export function spreadOf(seconds: readonly number[]): Spread {
  if (seconds.length === 0) return { count: 0, median: null, p95: null };
  const sorted = Float64Array.from(seconds);
  return { count: seconds.length, median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

/** Seconds in a readable form: 45 s, 12 min, 3.5 h. */
export function readable(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
