import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Dimension } from './agent-metric';
import { isMadeByEnrolment } from './alarm-kinds';
import { type DesiredAlarm, dimensionsOf } from './desired';

/** The changes that turn the existing alarms into the desired ones. */
export interface AlarmChanges {
  put: DesiredAlarm[];
  remove: string[];
  /** Alarms of other people with the name of an enrolled one, a sentence each. They are left unchanged. */
  problems: string[];
}

/**
 * Compares what alarms measure; whether their actions are enabled is left to people (maintenance).
 * Changes or removes only alarms created by enrolment, whatever their names.
 */
export function diffAlarms(desired: readonly DesiredAlarm[], existing: readonly MetricAlarm[]): AlarmChanges {
  const byName = new Map(existing.map((alarm) => [alarm.AlarmName ?? '', alarm]));
  const wanted = new Set(desired.map(({ name }) => name));
  const isForeign = (name: string) => byName.has(name) && !isMadeByEnrolment(byName.get(name)!);
  const [taken, free] = [desired.filter(({ name }) => isForeign(name)), desired.filter(({ name }) => !isForeign(name))];
  return {
    put: free.filter((alarm) => !isAsDesired(alarm, byName.get(alarm.name))),
    remove: [...byName.keys()].filter((name) => !wanted.has(name) && !isForeign(name)),
    problems: taken.map(
      ({ name }) => `${name}: an alarm with this name was not created by enrolment and is left unchanged`,
    ),
  };
}

/** Whether enrolment created an alarm that no instance should have. @param wanted the names of those that they should */
export const isStray = (alarm: MetricAlarm, wanted: ReadonlySet<string>): boolean =>
  !wanted.has(alarm.AlarmName ?? '') && isMadeByEnrolment(alarm);

function isAsDesired({ kind, threshold, ...alarm }: DesiredAlarm, found: MetricAlarm | undefined): boolean {
  if (!found || found.Threshold !== threshold) return false;
  const { properties } = kind;
  const compared = [
    'Namespace',
    'MetricName',
    'Statistic',
    'Period',
    'EvaluationPeriods',
    'DatapointsToAlarm',
    'ComparisonOperator',
    'TreatMissingData',
  ] as const;
  return (
    sameDimensions(dimensionsOf(alarm), found.Dimensions) && compared.every((key) => found[key] === properties[key])
  );
}

const sameDimensions = (some: readonly Dimension[], others: readonly Dimension[] = []) =>
  some.length === others.length &&
  some.every((one) => others.some(({ Name, Value }) => Name === one.Name && Value === one.Value));
