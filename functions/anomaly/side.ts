/** The side of a metric that an alarm is about; `either` where its reason names both or an expression's side. */
export type Side = 'high' | 'low' | 'either';

/** What is known of the alarm beside the names of its metrics. */
export interface AlarmWords {
  kind?: string | undefined;
  reason?: string | undefined;
}

/**
 * The side an alarm is about, by its state reason: an alarm on CPU, network or disk is about high values unless that says otherwise.
 * Source: the example events in the CloudWatch user guide, "Alarm events and EventBridge"; an event has no comparison operator.
 */
export function sideOf({ kind, reason = '' }: AlarmWords): Side {
  if (!/\b(?:was|were) less than\b/.test(reason)) return 'high';
  // Of an expression (100 - CPU) or a band it is not known which way the metric itself went.
  return kind === undefined || kind === 'metric' ? 'low' : 'either';
}

/**
 * The threshold an alarm has crossed, by its state reason; undefined where the reason names none, or is about an expression.
 * Source: as for the side: "... was greater than or equal to the threshold (80.0)".
 */
export function thresholdOf({ kind, reason = '' }: AlarmWords): number | undefined {
  if (kind !== undefined && kind !== 'metric') return undefined;
  const found = /\b(?:greater|less) than (?:or equal to )?the threshold \((-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\)/.exec(
    reason,
  );
  return found ? Number(found[1]) : undefined;
}
