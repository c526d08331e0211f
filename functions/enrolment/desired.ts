import { assertTagsAllow } from '../guard/tags';
import type { Config } from '../shared/config';
import { InvalidInputError, PlaybookError } from '../shared/errors';
import type { AgentMetric, Dimension } from './agent-metric';
import { type AlarmKind, agentAlarmNameOf, agentKinds, alarmKinds, alarmNameOf } from './alarm-kinds';
import { groupOf, kindIn } from './groups';

/** The fields of an instance that enrolment needs. */
export interface Candidate {
  instanceId: string;
  state: string;
  tags: Readonly<Record<string, string>>;
}

/** An alarm that an instance should have. */
export interface DesiredAlarm {
  name: string;
  instanceId: string;
  kind: AlarmKind;
  threshold: number;
  /** The instance alone, unless it is on a metric of the agent. */
  dimensions?: Dimension[];
}

export interface Desired {
  alarms: DesiredAlarm[];
  /** Invalid tags, one sentence each; the stage's threshold applies instead. */
  problems: string[];
}

/** The dimensions of an alarm's metric. */
export const dimensionsOf = ({
  instanceId,
  dimensions,
}: Pick<DesiredAlarm, 'instanceId' | 'dimensions'>): Dimension[] =>
  dimensions ?? [{ Name: 'InstanceId', Value: instanceId }];

/** A plain decimal number: no sign, no exponent, no hexadecimal. */
const plainNumber = /^\d{1,15}(\.\d{1,6})?$/;

/** Whether an instance gets alarms: it is opted in, not protected, and not terminating. */
export function isEnrolled({ state, tags }: Candidate, config: Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG'>): boolean {
  if (state === 'terminated' || state === 'shutting-down') return false;
  try {
    assertTagsAllow(tags, config);
    return true;
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return false;
  }
}

/**
 * The alarms that an instance should have: those of its group, with its owner's thresholds if the tags are valid.
 * @param thresholds the stage's thresholds, and minutes, by the name of their setting
 */
export function desiredAlarms(
  candidate: Candidate,
  thresholds: Readonly<Record<string, number>>,
  config: Pick<Config, 'STAGE' | 'OPT_IN_TAG' | 'PROTECTED_TAG'>,
  metrics: readonly AgentMetric[] = [],
): Desired {
  if (!isEnrolled(candidate, config)) return { alarms: [], problems: [] };
  const { instanceId, tags } = candidate;
  const { group, problem } = groupOf(tags);
  const problems: string[] = problem ? [`${instanceId}: ${problem}`] : [];
  const ofGroup = (kinds: readonly AlarmKind[]) => kinds.flatMap((kind) => kindIn(kind, group) ?? []);
  const thresholdFor = (kind: AlarmKind) => {
    const read = thresholdOf(kind, tags, thresholds);
    if (read.problem) problems.push(`${instanceId}: ${read.problem}`);
    return read.threshold;
  };
  const alarms = ofGroup(alarmKinds).map((kind): DesiredAlarm => {
    const threshold = thresholdFor(kind);
    const name = alarmNameOf(kind, config.STAGE, instanceId);
    return { name, instanceId, kind: withPeriods(kind, thresholds), threshold };
  });
  return { alarms: [...alarms, ...agentAlarms(ofGroup(agentKinds), metrics, thresholdFor, config.STAGE)], problems };
}

function agentAlarms(
  kinds: readonly AlarmKind[],
  metrics: readonly AgentMetric[],
  thresholdFor: (kind: AlarmKind) => number,
  stage: string,
): DesiredAlarm[] {
  return kinds.flatMap((kind) => {
    const own = metrics.filter(({ metricName }) => metricName === kind.properties.MetricName);
    if (own.length === 0) return [];
    const threshold = thresholdFor(kind);
    return own.map((metric) => {
      const { instanceId, dimensions } = metric;
      return { name: agentAlarmNameOf(kind, stage, metric), instanceId, kind, threshold, dimensions };
    });
  });
}

/** An alarm kind with as many periods as the stage's minutes have. */
function withPeriods(kind: AlarmKind, settings: Readonly<Record<string, number>>): AlarmKind {
  const minutes = kind.lasting && settings[kind.lasting.setting];
  if (minutes === undefined) return kind;
  const periods = (minutes * 60) / kind.properties.Period;
  return { ...kind, properties: { ...kind.properties, EvaluationPeriods: periods, DatapointsToAlarm: periods } };
}

/** The threshold of an alarm kind for an instance, and the problem with its tag, if any. */
export function thresholdOf(
  { id, override, properties }: AlarmKind,
  tags: Readonly<Record<string, string>>,
  thresholds: Readonly<Record<string, number>>,
): { threshold: number; problem?: string } {
  if (!override) return { threshold: Number(properties.Threshold) };
  const standard = override.setting ? thresholds[override.setting] : Number(properties.Threshold);
  if (standard === undefined) throw new InvalidInputError(String(override.setting), `no threshold is set for ${id}`);
  const text = tags[override.tag];
  if (text === undefined) return { threshold: standard };
  const given = plainNumber.test(text.trim()) ? Number(text) : Number.NaN;
  if (given >= override.least && given <= override.most) return { threshold: given };
  const problem = `the tag ${override.tag} is not a number from ${override.least} to ${override.most}; ${standard} is used`;
  return { threshold: standard, problem };
}
