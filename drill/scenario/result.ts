import type { Review } from '../../functions/review/review';
import type { Violation } from '../check/facts';
import type { CloudEvent, LedgerEntry } from '../cloud';
import type { DeadLetter, Delivered } from '../stack/event-bus';
import type { HistoryEvent } from '../stack/history';
import type { Execution } from '../stack/machine-runner';
import type { Incident } from './incidents';
import type { Scenario } from './schema';

/** One thing that the scenario expects, and whether it came so. */
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

/** What an alarm watched during the drill, and where its limit lies. */
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

export interface ExecutionResult extends Omit<Execution, 'ended' | 'history'> {
  history: HistoryEvent[];
  /** Names of the states that were entered, in order. */
  path: string[];
}

/** When the simulated CloudWatch would have set an alarm off at the threshold that a review proposes. */
export interface Proof {
  alarmName: string;
  threshold: number;
  /** Milliseconds since 1970. */
  wentOffAt: number[];
}

/** Everything that a drill brought to light. All times are simulated milliseconds since 1970, unless they are text. */
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
  ledger: LedgerEntry[];
  incidents: Incident[];
  /** Every item of the incidents table. */
  items: Record<string, unknown>[];
  notices: Notice[];
  logs: string[];
  /** What a review makes of the drill's incidents, when the scenario asks for one. */
  review?: Review;
  /** What the review's proposals do when the simulated CloudWatch judges them. */
  proofs?: Proof[];
  /** Invariants of docs/guarantees.md that were broken. */
  violations: Violation[];
  checks: Check[];
  /** Whether everything came as the scenario expects. */
  ok: boolean;
  /** What was odd about a recorded series, and what of the command line changed nothing. */
  remarks?: string[];
}
