/** How long a rejection lasts that passes by itself. */
export type Within = 'seconds' | 'minutes';

/** How one operation of AWS, or several alike, behaves beyond what it is called for. */
export interface Behaviour {
  /** Names as IAM has them, for example `ec2:StopInstances`. */
  operations: readonly string[];
  /** What is old, or not to be found yet, after a change or by this read; empty where nothing is. */
  afterwards?: string;
  /** Rejections that pass by themselves, by the name that the SDK gives them. */
  passes?: Readonly<Record<string, Within>>;
  /** Rejections that do not, whoever waits. */
  stands?: readonly string[];
  /** Quotas and paging. */
  limits?: string;
  /** What the same call does the second time. */
  repeat?: string;
  /** The documents that this rests on. */
  source: string;
}

/** Passes everywhere: what the SDK itself repeats, and what the common errors of every service say. */
export const everywhere: Readonly<Record<string, Within>> = {
  Throttling: 'seconds',
  ThrottlingException: 'seconds',
  RequestLimitExceeded: 'seconds',
  TooManyRequestsException: 'seconds',
  InternalError: 'seconds',
  InternalFailure: 'seconds',
  InternalServerError: 'seconds',
  ServiceUnavailable: 'seconds',
  Unavailable: 'seconds',
};

/** Passes for every operation of EC2 besides. Source: EC2 API reference, "Error codes", "Eventual consistency". */
export const everywhereInEc2: Readonly<Record<string, Within>> = {
  ServerInternal: 'seconds',
  RetryableError: 'seconds',
};
