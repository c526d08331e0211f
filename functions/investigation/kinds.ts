/** The logs that a stage may name. */
export type Log = 'trail' | 'login' | 'system' | 'application';

/** What an alarm on a log means, by the metric that it watches (resources/log-alarms). */
export interface Kind {
  log: Log;
  /** As the beginning of a sentence. */
  what: string;
  /** What would stop it, or put it right, besides stopping who did it. */
  stop?: string;
  /** Whether a playbook of this stage does it too, as part of an incident of its own. */
  isOurs?: true;
}

const revert = 'If it was not meant, revert it.';

const kinds: Readonly<Record<string, Kind>> = {
  UnauthorizedCalls: { log: 'trail', what: 'Calls were refused for lack of permission' },
  ConsoleLoginWithoutMfa: {
    log: 'trail',
    what: 'A user logged in to the console without MFA',
    stop: 'Let the user set up MFA.',
  },
  RootUse: { log: 'trail', what: 'The root user did something' },
  PolicyChange: { log: 'trail', what: 'An IAM policy was changed', stop: revert, isOurs: true },
  TrailChange: { log: 'trail', what: 'A trail was changed' },
  ConsoleLoginFailure: { log: 'trail', what: 'Logins to the console failed' },
  KeyChange: {
    log: 'trail',
    what: 'A KMS key was disabled or is to be deleted',
    stop: 'If it was not meant: aws kms cancel-key-deletion and aws kms enable-key, with its key-id.',
  },
  BucketPolicyChange: { log: 'trail', what: 'The policy of a bucket was changed', stop: revert },
  ConfigChange: {
    log: 'trail',
    what: 'The recording of AWS Config was changed',
    stop: 'If it was not meant: aws configservice start-configuration-recorder.',
  },
  SecurityGroupChange: { log: 'trail', what: 'A security group was changed', stop: revert, isOurs: true },
  NetworkAclChange: { log: 'trail', what: 'A network ACL was changed', stop: revert, isOurs: true },
  GatewayChange: { log: 'trail', what: 'A gateway was changed', stop: revert },
  RouteChange: { log: 'trail', what: 'A route was changed', stop: revert },
  VpcChange: { log: 'trail', what: 'A VPC was changed', stop: revert },
  OrganizationChange: { log: 'trail', what: 'The organization was changed', stop: revert },
  SudoRefusals: { log: 'login', what: 'sudo refused a command', stop: 'Ask that user, or lock the account.' },
  OutOfMemory: {
    log: 'system',
    what: 'The kernel killed a process for lack of memory',
    stop: 'Find out what takes the memory; a restart of the instance only postpones it.',
  },
  DiskFull: {
    log: 'system',
    what: 'A disk is full',
    stop: 'Free or add space; a restart of the instance changes nothing.',
  },
  ApplicationErrors: { log: 'application', what: 'Lines of the application log match its pattern' },
};

/** The kind of an alarm by the metrics that it watches; undefined for an alarm that is not on a log of this stage. */
export function kindOf(metricNames: readonly string[]): (Kind & { metricName: string }) | undefined {
  const metricName = metricNames.find((name) => Object.hasOwn(kinds, name));
  return metricName ? { ...kinds[metricName]!, metricName } : undefined;
}

/** The metrics of all kinds. */
export const kindNames: readonly string[] = Object.keys(kinds);
