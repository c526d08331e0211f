/** What could not be read, with the reason; the rest of the status stands. */
export interface Unknown {
  unknown: string;
}
export type Known<T> = T | Unknown;
export const isUnknown = <T>(value: Known<T>): value is Unknown =>
  typeof value === 'object' && value !== null && 'unknown' in value;

/** Actions in the circuit breaker's window, of how many. */
export interface Breaker {
  used: number;
  limit: number;
  minutes: number;
  /** Those of all accounts together, where the stage has several. */
  ofAll?: { used: number; limit: number };
}

/** A place where starts fail. */
export interface Failing {
  place: string;
  until: string;
  why: string;
}

/** What the stage's own records say of one of its accounts. */
export interface AccountStatus {
  account: string;
  /** Incidents that have not ended. */
  open: { incidentId: string; playbook: string; instanceId?: string | undefined }[];
  /** Instances that an incident works on. */
  leases: { instanceId: string; incidentId: string; until: string }[];
  breaker: Known<Breaker>;
  /** Kinds of storms that go on. */
  storms: Known<string[]>;
  places: Failing[];
  /** When enrolment last compared everything in it; ISO 8601. */
  comparedAt?: string | undefined;
  /** When people were last told that it cannot be reached. */
  unreachable?: { at: string; incidentId: string } | undefined;
}

/** How a stage is, or one of its accounts. */
export interface Status {
  stage: string;
  /** ISO 8601. */
  at: string;
  mode: Known<string>;
  killSwitch: { on: boolean; by?: string | undefined; reason?: string | undefined; at?: string | undefined };
  /** Of the stage's own account, as storms and places are. */
  breaker: Known<Breaker>;
  /** Kinds of storms that go on. */
  storms: Known<string[]>;
  places: Failing[];
  noticesDue: string[];
  blocks: { cidr: string; until: string }[];
  /** Instances with the quarantine tag. */
  isolated: Known<{ instanceId: string; by: string }[]>;
  /** Accounts of the stage whose instances the caller's credentials do not reach; none for a stage of one account. */
  notRead?: string[];
  /** Each account of a stage that has several, its own first; only the one that was asked for. */
  accounts?: AccountStatus[];
  /** The one account that was asked for. */
  account?: string;
  /** Alarms on the automation itself that are in ALARM. */
  alarms: Known<string[]>;
}
