import { createHash } from 'node:crypto';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import described from '../../resources/enrolled-alarms.json';
import { instanceIdSchema } from '../shared/identifiers';

/** What a person is told at once, because a restart does not help, or only hides the cause. */
export type ToldCode = 'disk-full' | 'memory-full' | 'process-missing';

/** An alarm that every enrolled instance has, or every one whose CloudWatch agent sends the metric. */
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
  /** Of a metric of the CloudWatch agent: the dimensions, any of which tells several of an instance apart; empty for one. */
  agent?: { of: readonly string[] } | undefined;
  /** The code with which a person is told at once, whatever the score says. */
  told?: ToldCode | undefined;
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
    ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold' | 'LessThanThreshold';
    TreatMissingData: 'missing' | 'notBreaching' | 'breaching' | 'ignore';
  };
}

/** An alarm in resources/enrolled-alarms.json, under its ID. */
export type DescribedAlarm = Pick<AlarmKind, 'playbook' | 'override' | 'lasting' | 'agent' | 'told'> & {
  Properties: AlarmKind['properties'];
};

/** What differs for one alarm of a named group (tag `incident-playbooks:group`). */
export interface GroupAlarm {
  /** `false`: the group's instances do not have this alarm. */
  watched?: boolean | undefined;
  playbook?: string | undefined;
  /** `false`: the playbook acts, instead of only telling a person. */
  told?: false | undefined;
  Properties?: Partial<Omit<AlarmKind['properties'], 'Threshold'> & { Threshold: number }> | undefined;
}

/** The alarms of a group that differ, by the ID of their kind. */
export type Group = Readonly<Record<string, GroupAlarm>>;

// Packaging has validated the file: it is bundled into every function that needs it.
const { groups: inFile, ...kindsInFile } = described as unknown as Record<string, DescribedAlarm> & {
  groups: Readonly<Record<string, Group>>;
};

/** The named groups of resources/enrolled-alarms.json. */
export const groups: Readonly<Record<string, Group>> = inFile;

const all: readonly AlarmKind[] = Object.entries(kindsInFile as Record<string, DescribedAlarm>).map(
  ([id, { Properties, ...kind }]) => ({ id, ...kind, properties: Properties }),
);

/** Those that every enrolled instance has. */
export const alarmKinds = all.filter(({ agent }) => !agent);
/** Those on metrics of the CloudWatch agent. */
export const agentKinds = all.filter(({ agent }) => agent);

/** The playbooks that alarms of a kind may start: its own, and those that groups give it. */
export const playbooksOf = ({ id, playbook }: Pick<AlarmKind, 'id' | 'playbook'>): string[] => [
  ...new Set([playbook, ...Object.values(groups).flatMap((group) => group[id]?.playbook ?? [])]),
];

/**
 * The name of an enrolled alarm. It begins with the playbook and the stage, because that prefix selects the playbook.
 * CloudWatch allows 255 characters; the longest name here has 79, for a stage of 20 characters.
 */
export function alarmNameOf(kind: Pick<AlarmKind, 'id' | 'playbook'>, stage: string, instanceId: string): string {
  return `${kind.playbook}-${stage}-${kind.id}-${instanceId}`;
}

/** What stands in an alarm's name for the exact dimensions of its metric. @param dimensions sorted by name */
export const hashOf = (dimensions: readonly object[]): string =>
  createHash('sha256').update(JSON.stringify(dimensions)).digest('hex').slice(0, 8);

/** The name of an alarm on a metric of the agent: instances may have several, told apart by their dimensions. */
export function agentAlarmNameOf(
  kind: Pick<AlarmKind, 'id' | 'playbook'>,
  stage: string,
  { instanceId, dimensions }: { instanceId: string; dimensions: readonly object[] },
): string {
  return alarmNameOf({ ...kind, id: `${kind.id}-${hashOf(dimensions)}` }, stage, instanceId);
}

/**
 * The code with which an alarm's metrics are told without any action; undefined unless all of them are of that sort.
 * @param group what differs for the instance's group, which may say that a restart helps
 */
export function toldCodeOf(metricNames: readonly string[], group: Group = {}): ToldCode | undefined {
  const codes = metricNames.map((name) => {
    const kind = all.find(({ properties }) => properties.MetricName === name);
    return kind && group[kind.id]?.told === false ? undefined : kind?.told;
  });
  return codes.includes(undefined) ? undefined : codes[0];
}

/** The parts of an alarm name that enrolment could have created; undefined for every other alarm. */
export function readAlarmName(name: string, stage: string): { kind: AlarmKind; instanceId: string } | undefined {
  for (const one of all) {
    for (const playbook of playbooksOf(one)) {
      const kind = playbook === one.playbook ? one : { ...one, playbook };
      const prefix = alarmNameOf(kind, stage, '');
      const rest = name.slice(prefix.length);
      const instanceId = kind.agent ? /^[0-9a-f]{8}-(i-.*)$/.exec(rest)?.[1] : rest;
      if (name.startsWith(prefix) && instanceIdSchema.safeParse(instanceId).success)
        return { kind, instanceId: instanceId! };
    }
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
  [...new Set(all.flatMap(playbooksOf))].map((playbook) => `${playbook}-${stage}-`);
