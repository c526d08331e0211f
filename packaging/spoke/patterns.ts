import type { Resource } from '../references';

/** What a spoke forwards of one service: an event pattern that matches all that the hub's rules wait for. */
export interface ForwardedPattern {
  source: string;
  'detail-type': unknown[];
  detail?: Pattern;
}

type Pattern = Record<string, unknown>;
interface EventPattern {
  source: string[];
  'detail-type': unknown[];
  detail?: Pattern;
}

/** Machines run in the hub, so their events come from nowhere else. */
const ofTheHub = ['aws.states'];

/**
 * The events of other accounts that the hub's rules wait for, one pattern a service: an event that two rules of a spoke matched
 * would reach the hub twice, and start there everything twice.
 */
export function forwardedPatterns(Resources: Record<string, Resource>): ForwardedPattern[] {
  const bySource = new Map<string, EventPattern[]>();
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    const pattern = Type === 'AWS::Events::Rule' ? (Properties.EventPattern as EventPattern | undefined) : undefined;
    for (const source of pattern?.source ?? []) {
      if (!source.startsWith('aws.') || ofTheHub.includes(source)) continue;
      bySource.set(source, [...(bySource.get(source) ?? []), pattern!]);
    }
  }
  return [...bySource].map(([source, patterns]) => {
    const detail = patterns.map((pattern) => pattern.detail ?? {}).reduce(widened);
    const types = distinct(patterns.flatMap((pattern) => pattern['detail-type']));
    return { source, 'detail-type': types, ...(Object.keys(detail).length > 0 ? { detail } : {}) };
  });
}

/** A pattern that matches whatever one of two matches: fields that both ask for, with the values of either. */
function widened(one: Pattern, other: Pattern): Pattern {
  const common = Object.keys(one).filter((field) => field in other);
  return Object.fromEntries(
    common.flatMap((field): [string, unknown][] => {
      const [left, right] = [one[field], other[field]];
      if (Array.isArray(left) && Array.isArray(right)) return [[field, distinct([...left, ...right])]];
      if (Array.isArray(left) || Array.isArray(right)) return [];
      const both = widened(left as Pattern, right as Pattern);
      return Object.keys(both).length > 0 ? [[field, both]] : [];
    }),
  );
}

const distinct = (values: unknown[]) => [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
