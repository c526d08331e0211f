import type { RawSeries } from '../../functions/anomaly/collect';
import type { JointDetector } from '../../functions/anomaly/joint-finding';
import type { EvaluationRule } from '../cloud/cloudwatch/evaluate';
import type { Band, Point } from '../report/chart';

/** The recorded metrics of one instance. */
export interface InstanceSeries {
  name: string;
  series: RawSeries[];
  /** Irregularities in the input, and how they were handled. */
  remarks: string[];
}

/** A source of series, one instance after the other, so that memory use stays constant. */
export interface SeriesSource {
  /** For the page, for example "12 files of metrics/". */
  what: string;
  /** As far as is known: a file may turn out to hold several instances. */
  count: number;
  read(): AsyncIterable<InstanceSeries>;
  /** Names given on the command line that matched nothing; ask once everything is read. */
  unused?(): string[];
}

/** The fields of a stage's alarm that its evaluation needs. */
export interface WatchingAlarm {
  name: string;
  metricName: string;
  statistic: string;
  periodSeconds: number;
  threshold: number;
  /** Low for an alarm about values below its threshold; high when left out. */
  side?: 'high' | 'low';
  /** The instance that it watches; undefined for one that stands for every instance. */
  instanceId?: string;
  /** For example "≥ 80 in 3 of 3 periods of 300 s". */
  words: string;
  rule: EvaluationRule;
}

/** The guard settings of the stage. */
export interface GuardSettings {
  cooldownMinutes: number;
  ladderWindowMinutes: number;
  unknownScore: 'escalate' | 'act';
  /** What scores all metrics together; the default when left out. */
  detector?: JointDetector;
}

export interface StageSettings {
  stage: string;
  /** Where alarms and guard settings were read. */
  source?: string;
  alarms: WatchingAlarm[];
  guard: GuardSettings;
  /** The opt-in tag; its value is `true`. */
  optInTag: string;
}

/** What the playbook would have done about an alarm that fired. */
export type Decision = 'restart' | 'recovered' | 'veto' | 'wrong-threshold' | 'escalate' | 'cooldown';

export interface BacktestIncident {
  at: number;
  /** When a restart was decided on, if its metric was watched first. */
  decidedAt?: number;
  /** When the alarm returned to OK, if it did. */
  until?: number;
  alarmName: string;
  metricName: string;
  decision: Decision;
  action: string;
  reason: string;
  score: number | null;
  /** Whether it is inside a labelled window; undefined if the instance has no labels. */
  isTrue?: boolean;
  /** Whether its alarm fired within one: a restart may come later. */
  isTrueAlarm?: boolean;
}

/** A labelled window, and when it was detected. */
export interface FoundWindow extends Band {
  alarmAt?: number;
  restartAt?: number;
}

export interface Plot {
  metricName: string;
  points: Point[];
  scores: Point[];
  stepMs: number;
  threshold: number;
  alarms: Band[];
}

/** What an alarm would have made of an instance's metric. */
export interface AlarmFigures {
  alarmName: string;
  metricName: string;
  threshold: number;
  /** Share of the time in ALARM, 0 to 1. */
  share: number;
  max: number;
  p99: number;
  /** A threshold that normal load rarely reaches; undefined if the metric has no room for one. */
  proposed?: number;
}

export interface InstanceResult {
  name: string;
  watched: AlarmFigures[];
  /** Length of the replayed series, in milliseconds. */
  lengthMs: number;
  points: number;
  incidents: BacktestIncident[];
  windows?: FoundWindow[];
  plots: Plot[];
  remarks: string[];
}
