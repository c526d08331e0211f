import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import described from '../../resources/enrolled-alarms.json';
import { instanceIdSchema } from '../shared/identifiers';

/** One alarm that every enrolled instance has. */
export interface AlarmKind {
  /** For example `cpu-high`; part of the alarm's name. */
  id: string;
  /** The playbook that the alarm starts; the first part of the alarm's name. */
  playbook: string;
  /** By which an instance's owner sets another threshold; an alarm without it has the same for all. */
  override?: {
    /** The environment variable that holds the stage's threshold. */
    setting: string;
    /** The tag that holds the instance's own. */
    tag: string;
    least: number;
    most: number;
  };
  properties: {
    AlarmDescription: string;
    Namespace: string;
    MetricName: string;
    Statistic: 'Average' | 'Maximum' | 'Sum';
    Period: number;
    EvaluationPeriods: number;
    DatapointsToAlarm: number;
    /** Text when it is a param of the stage, which `override.setting` hands over. */
    Threshold: number | string;
    ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold';
    TreatMissingData: 'missing' | 'notBreaching' | 'breaching' | 'ignore';
  };
}

/** One alarm as resources/enrolled-alarms.json has it, under its id. */
export type DescribedAlarm = Pick<AlarmKind, 'playbook' | 'override'> & { Properties: AlarmKind['properties'] };

/** The alarms of resources/enrolled-alarms.json, which packaging has checked: it is built into every function that needs it. */
export const alarmKinds: readonly AlarmKind[] = Object.entries(described as Record<string, DescribedAlarm>).map(
  ([id, { Properties, ...kind }]) => ({ id, ...kind, properties: Properties }),
);

/**
 * The name of an enrolled alarm. It begins with the playbook and the stage, since that prefix chooses the playbook.
 * CloudWatch allows 255 characters; the longest name here is that of a 20-character stage with 79.
 */
export function alarmNameOf(kind: Pick<AlarmKind, 'id' | 'playbook'>, stage: string, instanceId: string): string {
  return `${kind.playbook}-${stage}-${kind.id}-${instanceId}`;
}

/** What an alarm name says when enrolment could have made it; undefined for every other alarm. */
export function readAlarmName(name: string, stage: string): { kind: AlarmKind; instanceId: string } | undefined {
  for (const kind of alarmKinds) {
    const prefix = alarmNameOf(kind, stage, '');
    const instanceId = name.slice(prefix.length);
    if (name.startsWith(prefix) && instanceIdSchema.safeParse(instanceId).success) return { kind, instanceId };
  }
  return undefined;
}

/** How the description of every alarm that enrolment made begins: what lacks it belongs to somebody else. */
export const madeByEnrolment = 'Made by enrolment.';

/** Whether enrolment made an alarm, also one of a kind that an earlier release had. */
export function isMadeByEnrolment({ AlarmName = '', AlarmDescription = '' }: MetricAlarm): boolean {
  return AlarmDescription.startsWith(madeByEnrolment) && /-i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(AlarmName);
}

/** The prefixes of all alarms that start playbooks on instances, and so of all that enrolment makes in a stage. */
export const alarmPrefixes = (stage: string): string[] =>
  [...new Set(alarmKinds.map(({ playbook }) => playbook))].map((playbook) => `${playbook}-${stage}-`);
