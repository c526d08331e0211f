import type { EvaluationRule } from '../../drill/cloud/cloudwatch/evaluate';
import type { Band, Point } from '../../drill/report/chart';
import type { RawSeries } from '../../functions/anomaly/collect';

/** The past of one instance. */
export interface InstanceSeries {
  name: string;
  series: RawSeries[];
  /** What was odd about the input, and how it was treated. */
  remarks: string[];
}

/** Where series come from, one instance after the other, so that memory stays flat. */
export interface SeriesSource {
  /** For the page, for example "12 files of metrics/". */
  what: string;
  count: number;
  read(): AsyncIterable<InstanceSeries>;
}

/** An alarm of the stage, as far as its evaluation needs it. */
export interface WatchingAlarm {
  name: string;
  metricName: string;
  statistic: string;
  periodSeconds: number;
  threshold: number;
  /** For example "≥ 80 in 3 of 3 periods of 300 s". */
  words: string;
  rule: EvaluationRule;
}

/** What the guard of the stage is set to. */
export interface GuardSettings {
  cooldownMinutes: number;
  ladderWindowMinutes: number;
  unknownScore: 'escalate' | 'act';
}

export interface StageSettings {
  stage: string;
  alarms: WatchingAlarm[];
  guard: GuardSettings;
  /** The tag by which instances are opted in; its value is `true`. */
  optInTag: string;
}

/** What the playbook would have made of an alarm that went off. */
export type Decision = 'restart' | 'veto' | 'escalate' | 'cooldown';

export interface BacktestIncident {
  at: number;
  /** When the alarm was back, if it ever was. */
  until?: number;
  alarmName: string;
  metricName: string;
  decision: Decision;
  action: string;
  reason: string;
  score: number | null;
  /** Whether it lies within a labelled window; undefined where there are no labels for the instance. */
  isTrue?: boolean;
}

/** A labelled window, and when it was found. */
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

export interface InstanceResult {
  name: string;
  /** Length of what was replayed, in milliseconds. */
  lengthMs: number;
  points: number;
  incidents: BacktestIncident[];
  windows?: FoundWindow[];
  plots: Plot[];
  remarks: string[];
}
