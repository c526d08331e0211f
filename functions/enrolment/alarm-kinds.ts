import { createHash } from 'node:crypto';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import described from '../../resources/enrolled-alarms.json';
import { instanceIdSchema } from '../shared/identifiers';

/** An alarm that every enrolled instance has. */
export interface AlarmKind {
  /** For example `cpu-high`; part of the alarm's name. */
  id: string;
  /** The playbook that the alarm starts; the first part of the alarm's name. */
  playbook: string;
  /** How an instance's owner sets another threshold; without it, the threshold is the same for all. */
  override?: {
    /** The environment variable with the stage's threshold; without it, that of the file. */
    setting?: string | undefined;
    /** The tag with the instance's own threshold. */
    tag: string;
    least: number;
    most: number;
  };
  /** Whether it is on a metric of the CloudWatch agent, which an instance has or has not, perhaps several times. */
  agent?: true | undefined;
  /** The code with which a person is told at once: nothing that automation could do helps. */
  told?: 'disk-full' | undefined;
  /** How long it waits, if the stage sets that: the minutes that every period within them must be beyond the threshold. */
  lasting?: {
    /** The environment variable with the stage's minutes. */
    setting: string;
    /** The stage's param, which packaging reads. */
    param: string;
  };
  properties: {
    AlarmDescription: string;
    Namespace: string;
    MetricName: string;
    Statistic: 'Average' | 'Maximum' | 'Sum';
    Period: number;
    EvaluationPeriods: number;
    DatapointsToAlarm: number;
    /** Text if it is a param of the stage, which `override.setting` provides. */
    Threshold: number | string;
    ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold';
    TreatMissingData: 'missing' | 'notBreaching' | 'breaching' | 'ignore';
  };
}

/** An alarm in resources/enrolled-alarms.json, under its ID. */
export type DescribedAlarm = Pick<AlarmKind, 'playbook' | 'override' | 'lasting' | 'agent' | 'told'> & {
  Properties: AlarmKind['properties'];
};

/** The alarms in resources/enrolled-alarms.json, which packaging has validated: it is bundled into every function that needs it. */
const all: readonly AlarmKind[] = Object.entries(described as unknown as Record<string, DescribedAlarm>).map(
  ([id, { Properties, ...kind }]) => ({ id, ...kind, properties: Properties }),
);

/** Those that every enrolled instance has. */
export const alarmKinds = all.filter(({ agent }) => !agent);
/** Those on metrics of the CloudWatch agent. */
export const agentKinds = all.filter(({ agent }) => agent);

/**
 * The name of an enrolled alarm. It begins with the playbook and the stage, because that prefix selects the playbook.
 * CloudWatch allows 255 characters; the longest name here has 79, for a stage of 20 characters.
 */
export function alarmNameOf(kind: Pick<AlarmKind, 'id' | 'playbook'>, stage: string, instanceId: string): string {
  return `${kind.playbook}-${stage}-${kind.id}-${instanceId}`;
}

/** The name of an alarm on a metric of the agent: instances may have several, told apart by their dimensions. */
export function agentAlarmNameOf(
  kind: Pick<AlarmKind, 'id' | 'playbook'>,
  stage: string,
  { instanceId, dimensions }: { instanceId: string; dimensions: readonly object[] },
): string {
  const hash = createHash('sha256').update(JSON.stringify(dimensions)).digest('hex').slice(0, 8);
  return alarmNameOf({ ...kind, id: `${kind.id}-${hash}` }, stage, instanceId);
}

/** The code with which an alarm's metrics are told without any action; undefined unless all of them are of that sort. */
export function toldCodeOf(metricNames: readonly string[]): 'disk-full' | undefined {
  const codes = metricNames.map((name) => all.find(({ properties }) => properties.MetricName === name)?.told);
  return codes.every((code) => code === codes[0]) ? codes[0] : undefined;
}

/** The parts of an alarm name that enrolment could have created; undefined for every other alarm. */
export function readAlarmName(name: string, stage: string): { kind: AlarmKind; instanceId: string } | undefined {
  for (const kind of alarmKinds) {
    const prefix = alarmNameOf(kind, stage, '');
    const instanceId = name.slice(prefix.length);
    if (name.startsWith(prefix) && instanceIdSchema.safeParse(instanceId).success) return { kind, instanceId };
  }
  for (const kind of agentKinds) {
    const [, instanceId] =
      /^[0-9a-f]{8}-(i-.*)$/.exec(name.slice(`${kind.playbook}-${stage}-${kind.id}-`.length)) ?? [];
    const isOne = name.startsWith(`${kind.playbook}-${stage}-${kind.id}-`);
    if (isOne && instanceIdSchema.safeParse(instanceId).success) return { kind, instanceId: instanceId! };
  }
  return undefined;
}

/** The start of the description of every alarm created by enrolment: alarms without it belong to someone else. */
export const madeByEnrolment = 'Made by enrolment.';

/** Whether enrolment created an alarm, including kinds of earlier releases. */
export function isMadeByEnrolment({ AlarmName = '', AlarmDescription = '' }: MetricAlarm): boolean {
  return AlarmDescription.startsWith(madeByEnrolment) && /-i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(AlarmName);
}

/** The prefixes of all alarms that start playbooks on instances, and so of all that enrolment creates in a stage. */
export const alarmPrefixes = (stage: string): string[] =>
  [...new Set(all.map(({ playbook }) => playbook))].map((playbook) => `${playbook}-${stage}-`);
