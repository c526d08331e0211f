import type { Review } from '../../functions/review/review';
import type { Violation } from '../check/facts';
import type { CloudEvent, LedgerEntry } from '../cloud';
import type { DeadLetter, Delivered } from '../stack/event-bus';
import type { HistoryEvent } from '../stack/history';
import type { Execution } from '../stack/machine-runner';
import type { Incident } from './incidents';
import type { Scenario } from './schema';

/** An expectation of the scenario, and whether it was met. */
export interface Check {
  what: string;
  ok: boolean;
  expected: string;
  actual: string;
}

/** A message that was published to people. */
export interface Notice {
  at: number;
  topicArn: string;
  subject?: string;
  message: string;
}

/** A change of an alarm's state. */
export interface AlarmTransition {
  alarmName: string;
  state: string;
  at: number;
  reason: string;
}

/** An alarm's metric during the drill, and its threshold. */
export interface WatchedMetric {
  alarmName: string;
  metricName: string;
  dimensions: Record<string, string>;
  threshold: number;
  comparison: string;
  periodSeconds: number;
  stat: string;
  points: { at: number; value: number }[];
}

export interface FinalInstance {
  instanceId: string;
  state: string;
  tags: Record<string, string>;
  states: { at: number; state: string }[];
}

/** A place beside the own account, as it was left. */
export interface FinalPlace {
  account: string;
  region: string;
  instances: FinalInstance[];
}

export interface ExecutionResult extends Omit<Execution, 'ended' | 'history'> {
  history: HistoryEvent[];
  /** Names of the entered states, in order. */
  path: string[];
}

/** When an alarm would have fired in the simulated CloudWatch at the threshold proposed by a review. */
export interface Proof {
  alarmName: string;
  threshold: number;
  /** Milliseconds since 1970. */
  wentOffAt: number[];
}

/** The result of a drill. All times are simulated milliseconds since 1970, unless they are text. */
export interface DrillResult {
  scenario: Pick<Scenario, 'name' | 'story' | 'seed' | 'stage' | 'mode' | 'playbook'>;
  startedAt: number;
  endedAt: number;
  executions: ExecutionResult[];
  events: CloudEvent[];
  deliveries: Delivered[];
  deadLetters: DeadLetter[];
  alarms: AlarmTransition[];
  metrics: WatchedMetric[];
  instances: FinalInstance[];
  /** The further places of the run. */
  places: FinalPlace[];
  ledger: LedgerEntry[];
  incidents: Incident[];
  /** Every item of the incidents table. */
  items: Record<string, unknown>[];
  notices: Notice[];
  logs: string[];
  /** The review of the drill's incidents, if the scenario has one. */
  review?: Review;
  /** The results of the review's proposals in the simulated CloudWatch. */
  proofs?: Proof[];
  /** Broken invariants of docs/guarantees.md. */
  violations: Violation[];
  checks: Check[];
  /** Whether all expectations of the scenario were met. */
  ok: boolean;
  /** Notes on a recorded series, and on command-line options without an effect. */
  remarks?: string[];
}
