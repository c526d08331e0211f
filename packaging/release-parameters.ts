import * as z from 'zod';
import { retentionDays, type StageParams } from './stages';
import { wholeNumberPattern } from './whole-number-pattern';

/** How a stage param becomes a parameter of the released template. */
export interface ReleaseParameter {
  about: string;
  /** What CloudFormation checks before it changes anything. */
  allowed?: readonly (string | number)[];
  pattern?: string;
  range?: readonly [min: number, max: number];
  /** Characters; needed where the text is free. */
  longest: number;
  /** What the person reads whose value is refused. */
  hint: string;
  /** Two valid values, by which the places of the param are found in two packaged stages. */
  probes: readonly [string | number, string | number];
}

type Probes = ReleaseParameter['probes'];
const whole = (about: string, min: number, max: number, probes: Probes): ReleaseParameter => ({
  about,
  pattern: wholeNumberPattern(min, max),
  longest: String(max).length,
  hint: `a whole number from ${min} to ${max}`,
  probes,
});
const choice = (about: string, allowed: readonly string[], probes: Probes): ReleaseParameter => ({
  about,
  allowed,
  longest: Math.max(...allowed.map((one) => one.length)),
  hint: `one of ${allowed.join(', ')}`,
  probes,
});
const text = (about: string, pattern: string, longest: number, hint: string, probes: Probes): ReleaseParameter => ({
  about,
  pattern,
  longest,
  hint,
  probes,
});
const minutes = (about: string, probes: Probes, least = 1) => whole(about, least, 525_600, probes);

/** Text that CloudFormation puts into JSON as a number: no leading zero, no exponent. */
const severity = (about: string, probes: Probes) =>
  text(about, '^([1-9](\\.[0-9]{1,2})?|10(\\.0{1,2})?)$', 5, 'a number from 1 to 10', probes);

/** Forty characters: a function that reads four has them all in the description of its version, which has room for 256. */
const logGroup = (log: string, probes: Probes) =>
  text(
    `The log group of ${log}, up to 40 characters; empty for none`,
    '^[\\w./#-]{0,40}$',
    40,
    'the name of a log group, or nothing',
    probes,
  );

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = `${octet}(\\.${octet}){3}(/(3[0-2]|[12]?[0-9]))?`;
const group = '[0-9a-fA-F]{1,4}';
/** All eight groups, or `::` in place of some of them. */
const ipv6 = `(${[
  `(${group}:){7}${group}`,
  ...[1, 2, 3, 4, 5, 6].map((after) => `(${group}:){1,${7 - after}}(:${group}){1,${after}}`),
  `(${group}:){1,7}:`,
  `:((:${group}){1,7}|:)`,
].join('|')})(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?`;
const listItem = `(pl-([0-9a-f]{8}|[0-9a-f]{17})|${ipv4}|${ipv6})`;

/** Whole periods of five minutes; above eight hours, whole hours, since a mapping of CloudFormation holds 200 values. */
export const cpuHighMinutes: readonly number[] = [
  ...Array.from({ length: 96 }, (_, i) => (i + 1) * 5),
  ...Array.from({ length: 16 }, (_, i) => (i + 9) * 60),
];

/** A chat channel, its buttons and their functions are in a template or not: CloudFormation adds none by a parameter. */
function forChat() {
  const why = 'a chat channel has functions and buttons of its own, which the released template does not have';
  return {
    chat: why,
    chatSlackWorkspace: why,
    chatSlackChannel: why,
    chatTeamsTenant: why,
    chatTeam: why,
    chatTeamsChannel: why,
    chatAnswers: why,
  };
}

/** Why a param is the same for everybody who deploys a release; another value takes a release of one's own. */
export const fixedParams = {
  optInTag: 'IAM has the tag in the keys of conditions, where CloudFormation replaces nothing',
  protectedTag: 'IAM has the tag in the keys of conditions, where CloudFormation replaces nothing',
  ipRangesUrl: 'a version says its settings in its description, and Lambda gives that no room for an address',
  spokeAccounts: 'each account stands in the rights of every function, which CloudFormation makes from no list',
  organizationId: 'spokes take a release of your own',
  spokeExternalId: 'spokes take a release of your own',
  cellRegions: 'nothing that is deployed reads it: it tells a command which regions to reach',
  ...forChat(),
} as const satisfies Partial<Record<keyof StageParams, string>>;

export type ReleasedParam = Exclude<keyof StageParams, keyof typeof fixedParams>;

/**
 * Every other param. A value that is accepted here is accepted in resources/stages.yml too; times of approvals are shorter
 * here, because CloudFormation compares no two parameters, and any two of these fit together (packaging/ceilings.ts).
 */
export const releaseParameters: Readonly<Record<ReleasedParam, ReleaseParameter>> = {
  mode: choice(
    'observe: runs every check and changes nothing. act: makes changes',
    ['observe', 'act'],
    ['observe', 'act'],
  ),
  cooldownMinutes: minutes('Minutes for which automation leaves an instance alone after an action', [1101, 2101]),
  ladderWindowMinutes: minutes(
    'Minutes within which a repeat goes one rung up: reboot, stop and start, a person',
    [1102, 2102],
  ),
  breakerLimit: whole(
    'Actions in an account within the window, at most; in all accounts together, twice as many',
    1,
    1000,
    [103, 203],
  ),
  breakerWindowMinutes: minutes('Minutes of the circuit breaker’s window', [1104, 2104]),
  stormLimit: whole('Alarms of more opted-in instances than this within the window are a storm', 1, 1000, [105, 205]),
  stormWindowMinutes: minutes('Minutes of the storm window', [1106, 2106]),
  leaseMinutes: minutes(
    'Minutes for which an incident holds its instance: as long as an execution may run',
    [1107, 2107],
    240,
  ),
  recordRetentionDays: whole('Days for which records are kept', 1, 3650, [1108, 2108]),
  evidenceLockDays: whole(
    'Days for which nobody deletes the copy of an isolation’s evidence (S3 Object Lock); 0 for no bucket',
    0,
    36_500,
    [1109, 2109],
  ),
  snapshotLock: choice(
    'Whether an isolation locks its snapshots, so that nobody deletes them; nobody undoes compliance once it has cooled off',
    ['none', 'governance', 'compliance'],
    ['governance', 'compliance'],
  ),
  snapshotLockDays: whole('Days for which an isolation locks its snapshots', 1, 36_500, [1131, 2131]),
  snapshotCoolOffHours: whole('Hours in which a lock in compliance mode can be undone; 0 for none', 0, 72, [31, 41]),
  evidenceAccountId: text(
    'The account that the snapshots of an isolation are shared with; empty for none',
    '^([0-9]{12})?$',
    12,
    'an account ID, or nothing',
    ['111100001111', '222200002222'],
  ),
  logRetentionDays: {
    about: 'Days for which logs are kept',
    allowed: retentionDays,
    longest: 4,
    hint: 'a number of days that CloudWatch Logs knows',
    probes: [545, 731],
  },
  autoScaling: choice(
    'Members of Auto Scaling groups: left alone, or taken out of service first',
    ['refuse', 'standby'],
    ['refuse', 'standby'],
  ),
  unknownScore: choice(
    'Where metrics are inconclusive: left to a person, or the alarm is trusted',
    ['escalate', 'act'],
    ['escalate', 'act'],
  ),
  detector: choice(
    'What scores the metrics of an instance',
    ['ensemble', 'novelty-gap', 'isolation-forest', 'ml-isolation-forest'],
    ['ensemble', 'novelty-gap'],
  ),
  addressChange: choice(
    'Where a public address would change: noted, or refused',
    ['record', 'refuse'],
    ['record', 'refuse'],
  ),
  instanceId: text(
    'The instance that the alarms of the stack itself watch; tagged instances have their own',
    '^i-[0-9a-f]{8,17}$',
    19,
    'an instance ID',
    ['i-0aaaaaaaaaaaaaaa1', 'i-0bbbbbbbbbbbbbbb1'],
  ),
  cpuHighPercent: whole('CPU utilization, in percent, that counts as high', 1, 100, [51, 61]),
  cpuHighMinutes: {
    about: 'Minutes for which CPU has to be high',
    allowed: cpuHighMinutes,
    longest: 4,
    hint: 'a multiple of 5 up to 480, or of 60 up to 1440',
    probes: [115, 145],
  },
  networkOutHighBytes: whole(
    'Outgoing bytes in five minutes that count as high',
    1,
    Number.MAX_SAFE_INTEGER,
    [1111, 2111],
  ),
  patrolScore: {
    about: 'Score from which a patrol reports',
    range: [0, 1],
    longest: 20,
    hint: 'a number from 0 to 1',
    probes: [0.112, 0.212],
  },
  patrolHorizonHours: whole(
    'Hours within which a trend that crosses an alarm’s threshold is reported',
    1,
    168,
    [113, 133],
  ),
  patrolQuietHours: whole('Hours with at most one suspicion per instance', 1, 720, [114, 214]),
  patrolStuckMinutes: minutes('Minutes in ALARM without an open incident that are reported', [1115, 2115]),
  maintenanceWindow: text(
    'When people are asked to move instances off hosts that EC2 will work on: a daily window, UTC',
    '^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$',
    11,
    'a window such as 09:00-16:00',
    ['01:01-02:02', '03:03-04:04'],
  ),
  reviewDays: whole('Days that the weekly review covers', 1, 63, [17, 27]),
  reservedConcurrency: whole('Reserved concurrency of each function; 0 for none', 0, 1000, [0, 0]),
  customerKeyArn: text(
    'The KMS key that encrypts records, logs and the machines’ data; empty for AWS’s own',
    '^(arn:[\\w-]+:kms:[\\w-]+:\\d{12}:key/[\\w-]+)?$',
    256,
    'the ARN of a KMS key, or nothing',
    ['', ''],
  ),
  eventBus: text(
    'The event bus of this account and region that gets the events of incidents',
    '^[\\w.-]{1,128}$',
    128,
    'the name of an event bus, up to 128 characters',
    ['alpha-events', 'beta-events'],
  ),
  noticeEmail: text(
    'Email address that is subscribed to the notices; empty for none',
    `^$|${z.regexes.email.source}`,
    254,
    'an email address, or nothing',
    ['first@alpha.example', 'second@beta.example'],
  ),
  approvalSeconds: whole('Seconds for an answer to a request for approval; none means no', 60, 3600, [1118, 2118]),
  sessionsApprovalSeconds: whole('Seconds for an answer to the request to revoke sessions', 60, 1800, [1119, 1719]),
  approvalsNeeded: whole('How many different people have to say yes', 1, 9, [2, 3]),
  releaseApproval: choice('Whether a release is asked for', ['ask', 'never'], ['never', 'ask']),
  requesterMayApprove: choice('Whether who started a playbook may approve it', ['no', 'yes'], ['no', 'yes']),
  isolateSeverity: severity('Lowest GuardDuty severity that starts an isolation', [4, 5]),
  blockSeverity: severity('Lowest GuardDuty severity that starts a block', [6, 9]),
  elasticIps: choice('Whether isolation detaches Elastic IPs', ['keep', 'detach'], ['keep', 'detach']),
  revokeSessions: choice(
    'Whether approval to revoke the role’s sessions is requested',
    ['never', 'ask'],
    ['ask', 'never'],
  ),
  instanceRoles: text(
    'The roles that a release may give back to an instance: a name or path with * and ?; several of them take a release of your own',
    '^[\\w+=.@*?/-]{1,128}$',
    128,
    'one name or path of roles, with * and ?',
    ['alpha-roles-*', 'beta-roles-*'],
  ),
  instanceMetadata: choice(
    'Whether isolation switches the instance metadata service off',
    ['keep', 'disable'],
    ['keep', 'disable'],
  ),
  systemsManagerSessions: choice(
    'Whether isolation ends open sessions of Systems Manager',
    ['keep', 'end'],
    ['keep', 'end'],
  ),
  blockNetworkAclId: text(
    'The network ACL for blocks; empty to use only the WAF IP set',
    '^(acl-[0-9a-f]{8,17})?$',
    21,
    'a network ACL ID, or nothing',
    ['acl-0aaaaaaaaaaaaaaa2', 'acl-0bbbbbbbbbbbbbbb2'],
  ),
  blockMinutes: minutes('Minutes for which a block stands', [1120, 2120]),
  blockGroupLimit: whole('Addresses of findings that one request covers', 1, 100, [21, 31]),
  widestIpv4Prefix: whole('The widest IPv4 range that may be blocked, as a prefix length', 8, 32, [22, 28]),
  widestIpv6Prefix: whole('The widest IPv6 range that may be blocked, as a prefix length', 16, 128, [23, 33]),
  neverBlock: text(
    'What is never blocked: CIDR blocks and prefix lists (pl-…) with commas between them; a prefix list holds many',
    `^(${listItem}(, ?${listItem})*)?$`,
    128,
    'CIDR blocks and prefix list IDs, with commas between them',
    ['192.0.2.1/32', '192.0.2.2/32'],
  ),
  flowLogGroup: logGroup('VPC Flow Logs', ['/alpha/flow', '/beta/flow']),
  trailLogGroup: logGroup('a trail of CloudTrail', ['/alpha/trail', '/beta/trail']),
  loginLogGroup: logGroup('logins', ['/alpha/secure', '/beta/secure']),
  systemLogGroup: logGroup('the system', ['/alpha/messages', '/beta/messages']),
  applicationLogGroup: logGroup('an application', ['/alpha/application', '/beta/application']),
  applicationLogPattern: text(
    'The filter pattern of the lines of the application log that are an alarm',
    '^.+$',
    1024,
    'a filter pattern of CloudWatch Logs',
    ['"alpha line"', '"beta line"'],
  ),
  flowRejects: whole(
    'Rejected connections within five minutes that are an alarm',
    1,
    Number.MAX_SAFE_INTEGER,
    [1121, 2121],
  ),
  flowBytes: whole(
    'Bytes of flow logs within five minutes that are an alarm',
    1,
    Number.MAX_SAFE_INTEGER,
    [1122, 2122],
  ),
  failedLogins: whole('Failed logins within five minutes that are an alarm', 1, 1_000_000, [1123, 2123]),
  unauthorizedCalls: whole('Refused calls within five minutes that are an alarm', 1, 1_000_000, [1124, 2124]),
  consoleLoginFailures: whole(
    'Failed logins to the console within five minutes that are an alarm',
    1,
    1_000_000,
    [1125, 2125],
  ),
  applicationErrors: whole(
    'Lines of the application within five minutes that are an alarm',
    1,
    1_000_000,
    [1126, 2126],
  ),
  portScanPorts: whole('Rejected ports from which an address scans them', 1, 65_536, [1127, 2127]),
  sourceLines: whole('Lines that name an address for it to be a source', 1, 1_000_000, [1128, 2128]),
};
