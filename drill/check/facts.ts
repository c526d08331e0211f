import type { Statement } from '../cloud/iam/statement';

/** What the checker needs of an API call; the simulated cloud's ledger entries have it. */
export interface CallFact {
  seq: number;
  at: number;
  service: string;
  command: string;
  input: unknown;
  caller?: { functionName: string; executionId: string; stateName: string } | undefined;
  /** The account of the call's credentials and the region that it was sent to; the own place unless said. */
  account?: string | undefined;
  region?: string | undefined;
  /** The session of a role of another account that it was made in. */
  session?: SessionFact | undefined;
  result: 'ok' | 'error' | 'no-answer';
  errorName?: string | undefined;
  mutating: boolean;
  effective: boolean;
  resources: readonly string[];
}

/** A session of a role, as its tags and its policy narrow it. */
export interface SessionFact {
  roleName: string;
  tags: Readonly<Record<string, string>>;
  policy?: readonly Statement[];
}

/** An account and a region. */
export interface PlaceFact {
  account: string;
  region: string;
}

export interface ExecutionFact {
  id: string;
  machine: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  startedAt: number;
  endedAt?: number | undefined;
  /** Where the event comes from that started it, if one did: `none` if what it watches is of another account. */
  origin?: PlaceFact | 'none' | undefined;
  /** The states entered, in order, and when. */
  path: readonly { state: string; at: number }[];
}

/** A network interface as it was left. */
export interface InterfaceFact {
  networkInterfaceId: string;
  /** cut: no rule at all lets anything through. open: everything is let through both ways. */
  traffic: 'cut' | 'open' | 'by-rules';
}

/** An instance as it was left, and when automation was allowed to touch it. */
export interface InstanceFact {
  instanceId: string;
  /** Where it is; the own place unless said. */
  account?: string;
  region?: string;
  state: string;
  /** Each state it came to, in order. */
  states: readonly { at: number; state: string }[];
  interfaces: readonly InterfaceFact[];
  /** Its Availability Zone, and the groups of which one member at a time may be down; a run without them is not checked for P. */
  places?: { zone: string; groups: readonly string[] };
  /** Whether, at an instant (epoch milliseconds), the instance was opted in and not protected. */
  isAllowedAt: (at: number) => boolean;
  /** Whether, at an instant (epoch milliseconds), the instance was opted in, not protected, and of a kind that may be stopped. */
  isEligibleAt: (at: number) => boolean;
}

/** Everything that is known after a run. Pure data, so that the checker can be given broken runs by its own tests. */
export interface RunFacts {
  /** The stage's own account and region; a run without is not checked for O. */
  own?: PlaceFact;
  calls: readonly CallFact[];
  executions: readonly ExecutionFact[];
  /** Every item of the incidents table. */
  items: readonly Record<string, unknown>[];
  /** How late (milliseconds) EC2 showed changed tags in this run; 0 unless said. */
  tagsLateMs?: number;
  /** Texts that were published to people. */
  notices: readonly string[];
  instances: readonly InstanceFact[];
  /** Seconds after which an execution of a machine has to have ended, by machine name. */
  ceilings: ReadonlyMap<string, number>;
  /** Lines that the functions logged. */
  logs: readonly string[];
  /** Texts that were planted in the input and must not reach a log. */
  planted: readonly string[];
  /** At most so many actions of the fleet within the window (milliseconds). */
  circuitBreaker: { limit: number; windowMs: number };
  /** Issues of AWS Health that forbade stops, and when; a run without them is not checked for that. */
  issues?: readonly IssueFact[];
  /** What L and M ask for besides; a run without it is not checked for them. */
  told?: ToldFacts;
}

/** An open issue of EC2 or EBS as AWS Health told it, epoch milliseconds. */
export interface IssueFact {
  /** Where it is told; the own place unless said. */
  account?: string;
  region?: string;
  from: number;
  to: number;
  /** The instances that it names, or whose volumes it names. */
  instanceIds: readonly string[];
  /** Whether it is about a place rather than about what it names. */
  isWide: boolean;
}

export interface ToldFacts {
  /** What was published with severity page, questions among it, and when. */
  pages: readonly { at: number; text: string }[];
  /** Security groups that let everything through both ways. */
  openGroups: ReadonlySet<string>;
  /** GuardDuty's findings that name an instance and that no rule passed to a machine, or whose event was lost. */
  findings?: readonly FindingFact[];
  /** When the run ended. */
  endedAt: number;
}

/** A finding as it was published. */
export interface FindingFact {
  findingArn: string;
  at: number;
}

/** The invariants of docs/guarantees.md. */
export const invariants = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'K', 'L', 'M', 'N', 'O', 'P'] as const;

/** An invariant that a run broke, and how. */
export interface Violation {
  invariant: (typeof invariants)[number];
  what: string;
}
