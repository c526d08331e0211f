import type { Caller } from './called-by';
import type { Session } from './sts/session';

/** The services of which the cloud answers calls, as named in a ledger entry. */
export type ServiceName =
  | 'ec2'
  | 'cloudtrail'
  | 'cloudwatch'
  | 'codedeploy'
  | 'auto-scaling'
  | 'elbv2'
  | 'events'
  | 'guardduty'
  | 'iam'
  | 'kms'
  | 'logs'
  | 's3'
  | 'sns'
  | 'ssm'
  | 'states'
  | 'sts'
  | 'wafv2'
  | 'dynamodb';

/** What a model tells about the call it is answering, which ends up in the ledger entry, and who makes it. */
export interface Call {
  readonly caller?: Caller | undefined;
  /** The role's session whose access key the call carries; none for a role of the own account. */
  readonly session?: Session | undefined;
  /** Names a resource the call is about. */
  touch(...resources: string[]): void;
  /** Names a resource that the call really changed. */
  change(...resources: string[]): void;
  /** Whether the caller's role allows an action on `*`, for the few that answer more to those. */
  isAllowedOnAll(action: string): boolean;
}

/** An output as a model writes it; the SDK's `$metadata` is added by the middleware. */
export type Answer<Output> = Omit<Output, '$metadata'>;

/** One modelled command: whether AWS counts it as a change, and how it is answered. */
export interface CommandModel {
  readonly mutating: boolean;
  run(input: unknown, call: Call): unknown;
}

/** The commands one service answers, by name ('StopInstances'). */
export interface ServiceModel {
  readonly service: ServiceName;
  readonly commands: Readonly<Record<string, CommandModel>>;
}

/** Declares a command that only reads. */
export function reads<Input, Output>(run: (input: Input, call: Call) => Answer<Output>): CommandModel {
  return { mutating: false, run: (input, call) => run(input as Input, call) };
}

/** Declares a command that may change something. */
export function changes<Input, Output>(run: (input: Input, call: Call) => Answer<Output>): CommandModel {
  return { mutating: true, run: (input, call) => run(input as Input, call) };
}
