import { z } from 'zod';
import { NotACidrError } from '../functions/containment/cidr';
import { incidentTag, instanceTag, quarantineGroupTag } from '../functions/containment/saved';
import { readNeverBlock } from '../functions/containment/settings';
import { agentKinds, alarmKinds } from '../functions/enrolment/alarm-kinds';
import { allowTags, quarantineTag } from '../functions/guard/tags';
import { InvalidInputError, PlaybookError } from '../functions/shared/errors';
import { conflictsOf } from './ceilings';
import { notValid } from './not-valid';
import { regionList } from './region-list';

/** A stage param is not valid: the message names stage and field. */
export class StageParamError extends PlaybookError {}

/** Whether the functions can read it: every item is a CIDR block, an address or the ID of a prefix list. */
function isNeverBlock(text: string): boolean {
  try {
    readNeverBlock({ NEVER_BLOCK: text });
    return true;
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof NotACidrError) return false;
    throw error;
  }
}

/** CloudWatch Logs accepts only these numbers of days; source: PutRetentionPolicy in its API reference. */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** A whole number, as a number or text: params for environment variables are written as text. */
const whole = (min: number, max: number) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/, 'expected a whole number')], 'expected a whole number')
    .refine((value) => Number.isInteger(Number(value)), 'expected a whole number')
    .refine((value) => Number(value) >= min && Number(value) <= max, `expected a number from ${min} to ${max}`);
const minutes = whole(1, 525_600);
/** A number that must be one in the template, where text would be rejected or never match: a timeout, an event pattern. */
const number = (min: number, max: number) =>
  z
    .number('expected a number, not text; the command line passes text, so set it in resources/stages.yml')
    .refine((value) => value >= min && value <= max, `expected a number from ${min} to ${max}`);
const wholeNumber = (min: number, max: number) => number(min, max).refine(Number.isInteger, 'expected a whole number');
const share = z.coerce.number('expected a number').min(0, 'at least 0').max(1, 'at most 1');
const severity = number(1, 10);
/** Tags that steps write or that have another meaning: with one of them as the opt-in tag, a step could opt a resource in. */
const productTags = [
  quarantineTag,
  quarantineGroupTag,
  incidentTag,
  instanceTag,
  ...Object.values(allowTags),
  ...[...alarmKinds, ...agentKinds].flatMap(({ override }) => override?.tag ?? []),
];
/** IAM compares tag keys case-insensitively. */
const sameKey = (some: string, other: string) => some.toLowerCase() === other.toLowerCase();
/** Tag keys that AWS allows, without its reserved ones: "Tag naming limits and requirements". */
const tagKey = z
  .string()
  .regex(/^(?!aws:)[\p{L}\p{N} _.:/=+\-@]{1,128}$/u, 'expected a tag key')
  .refine(
    (key) => !productTags.some((own) => sameKey(own, key)),
    'this tag has another use in the product; choose another one',
  );

const uuidOrNothing = z
  .string()
  .regex(/^([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})?$/, 'expected a UUID, or nothing');
/** The playbooks that request approval, of which a stage may take answers from chat. */
const askingPlaybooks = ['isolate-instance', 'release-instance', 'block-traffic', 'patch-instance'];
const areAsking = (text: string) =>
  text
    .split(',')
    .map((one) => one.trim())
    .every((one, _index, { length }) => (one === '' && length === 1) || askingPlaybooks.includes(one));
/** Source: CloudWatch Logs API reference, PutMetricFilter, logGroupName. */
const logGroup = z.string().regex(/^[\w./#-]{0,512}$/, 'expected the name of a log group, or nothing');

const stageSchema = z.strictObject({
  mode: z.enum(['observe', 'act']),
  optInTag: tagKey,
  protectedTag: tagKey,
  cooldownMinutes: minutes,
  ladderWindowMinutes: minutes,
  breakerLimit: whole(1, 1000),
  breakerWindowMinutes: minutes,
  stormLimit: whole(1, 1000),
  stormWindowMinutes: minutes,
  leaseMinutes: minutes,
  recordRetentionDays: whole(1, 3650),
  /** S3 locks an object for up to 100 years by default. */
  evidenceLockDays: whole(0, 36_500),
  snapshotLock: z.enum(['none', 'governance', 'compliance']),
  /** Source: EC2 API reference, LockSnapshot. */
  snapshotLockDays: whole(1, 36_500),
  snapshotCoolOffHours: whole(0, 72),
  evidenceAccountId: z.string().regex(/^(\d{12})?$/, 'expected an account ID of 12 digits, or nothing'),
  logRetentionDays: wholeNumber(1, 3653).refine(
    (days) => retentionDays.includes(days),
    `expected one of ${retentionDays.join(', ')}`,
  ),
  autoScaling: z.enum(['refuse', 'standby']),
  unknownScore: z.enum(['escalate', 'act']),
  detector: z.enum(['ensemble', 'novelty-gap', 'isolation-forest', 'ml-isolation-forest']),
  addressChange: z.enum(['record', 'refuse']),
  instanceId: z.string().regex(/^i-[0-9a-f]{8,17}$/, 'expected an instance ID'),
  cpuHighPercent: whole(1, 100),
  // Whole periods of five minutes; CloudWatch evaluates at most a day of them. Source: its API reference, PutMetricAlarm.
  cpuHighMinutes: whole(5, 1440).refine((value) => Number(value) % 5 === 0, 'expected a multiple of 5'),
  networkOutHighBytes: whole(1, Number.MAX_SAFE_INTEGER),
  patrolScore: share,
  patrolHorizonHours: whole(1, 168),
  patrolQuietHours: whole(1, 720),
  patrolStuckMinutes: minutes,
  maintenanceWindow: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'expected a window such as 09:00-16:00'),
  /** Metrics at five minutes are kept for 63 days. */
  reviewDays: whole(1, 63),
  reservedConcurrency: whole(0, 1000),
  customerKeyArn: z
    .string()
    .regex(/^(arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+)?$/, 'expected the ARN of a KMS key, or nothing'),
  eventBus: z.string().regex(/^[\w.-]{1,256}$/, 'expected the name of an event bus'),
  noticeEmail: z.union([z.literal(''), z.email('expected an email address')]),
  chat: z.enum(['none', 'slack', 'teams']),
  chatSlackWorkspace: z.string().regex(/^([TE][0-9A-Z]{1,254})?$/, 'expected the ID of a Slack workspace, or nothing'),
  chatSlackChannel: z.string().regex(/^([CG][0-9A-Z]{1,254})?$/, 'expected the ID of a Slack channel, or nothing'),
  chatTeamsTenant: uuidOrNothing,
  chatTeam: uuidOrNothing,
  chatTeamsChannel: z
    .string()
    .regex(/^(19(:|%3[Aa])[\w.%@-]{1,250})?$/, 'expected the ID of a Teams channel, or nothing'),
  chatAnswers: z.string().refine(areAsking, `expected playbooks that ask for approval: ${askingPlaybooks.join(', ')}`),
  approvalSeconds: wholeNumber(60, 604_800),
  sessionsApprovalSeconds: wholeNumber(60, 604_800),
  approvalsNeeded: whole(1, 9),
  releaseApproval: z.enum(['ask', 'never']),
  requesterMayApprove: z.enum(['no', 'yes']),
  isolateSeverity: severity,
  blockSeverity: severity,
  elasticIps: z.enum(['keep', 'detach']),
  revokeSessions: z.enum(['never', 'ask']),
  /** Names of roles, with their paths. Source: IAM user guide, "IAM and AWS STS quotas" (a comma stands between two here). */
  instanceRoles: z
    .string()
    .regex(
      /^[\w+=.@*?/-]{1,512}(,[\w+=.@*?/-]{1,512})*$/,
      'expected names of roles, with * and ? and commas between them, without spaces',
    ),
  instanceMetadata: z.enum(['keep', 'disable']),
  systemsManagerSessions: z.enum(['keep', 'end']),
  blockNetworkAclId: z.string().regex(/^(acl-[0-9a-f]{8,17})?$/, 'expected a network ACL ID, or nothing'),
  blockMinutes: minutes,
  blockGroupLimit: whole(1, 100),
  widestIpv4Prefix: whole(8, 32),
  widestIpv6Prefix: whole(16, 128),
  ipRangesUrl: z.string().regex(/^(https:\/\/[\w.-]+\/[\w./-]*)?$/, 'expected an https URL, or nothing'),
  neverBlock: z
    .string()
    .refine(isNeverBlock, 'expected CIDR blocks and prefix list IDs (pl-…), with commas between them'),
  flowLogGroup: logGroup,
  trailLogGroup: logGroup,
  loginLogGroup: logGroup,
  systemLogGroup: logGroup,
  applicationLogGroup: logGroup,
  applicationLogPattern: z
    .string()
    .regex(/^.{1,1024}$/, 'expected a filter pattern of up to 1024 characters, on one line'),
  flowRejects: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  flowBytes: whole(1, Number.MAX_SAFE_INTEGER),
  failedLogins: wholeNumber(1, 1_000_000),
  unauthorizedCalls: wholeNumber(1, 1_000_000),
  consoleLoginFailures: wholeNumber(1, 1_000_000),
  applicationErrors: wholeNumber(1, 1_000_000),
  portScanPorts: whole(1, 65_536),
  sourceLines: whole(1, 1_000_000),
  spokeAccounts: z
    .string()
    .regex(/^(\d{12}(,\d{12})*)?$/, 'expected account IDs of 12 digits with commas between them, or nothing')
    .refine((list) => new Set(list.split(',')).size === list.split(',').length, 'an account is named twice'),
  /** Source: Organizations API reference, Organization, `Id`. */
  organizationId: z.string().regex(/^(o-[a-z0-9]{10,32})?$/, 'expected the ID of an organisation (o-…), or nothing'),
  /** Source: STS API reference, AssumeRole, `ExternalId`; one that is easily guessed proves nothing. */
  spokeExternalId: z
    .string()
    .regex(/^([\w+=,.@:/-]{16,1224})?$/, 'expected 16 characters or more of letters, digits and +=,.@:/-_, or nothing'),
  /** Read by people's commands alone: no function has it. */
  cellRegions: z
    .string()
    .refine((list) => list === '' || regionList.test(list), 'expected regions with commas between them, or nothing')
    .refine((list) => new Set(list.split(',')).size === list.split(',').length, 'a region is named twice'),
});
/** All params of a stage, as in resources/stages.yml. */
export type StageParams = z.output<typeof stageSchema>;

/** What every stage has, and each stage by its name with what it sets itself: a stage of your own is one more entry. */
const fileSchema = z.object({ default: stageSchema }).catchall(stageSchema.partial());

/**
 * The params of a stage, with `default` for those it does not set. All stages are checked, not only this one.
 * @param file the contents of resources/stages.yml
 * @param given params from the command line, which take precedence
 * @throws StageParamError naming stage and field, or the stages that there are: a misspelt name would be another stage
 */
export function parseStages(file: unknown, stage: string, given: Record<string, string> = {}): StageParams {
  // Role and function names are limited to 64 characters, which leaves 20 for the stage. No hyphen: alarm names have
  // the stage between hyphens, so the rules and roles of "dev" would also match the alarms of "dev-2".
  if (!/^[a-z][a-z0-9]{0,19}$/.test(stage)) {
    throw new StageParamError(
      `"${stage}" is not a valid stage name: use up to 20 characters a-z and 0-9, starting with a letter`,
    );
  }
  const parsed = fileSchema.safeParse(file);
  if (!parsed.success) throw new StageParamError(notValid('resources/stages.yml', parsed.error));
  const { default: defaults, ...stages } = parsed.data;
  const own = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (own === undefined) {
    const known = Object.keys(stages).join(', ') || 'none';
    throw new StageParamError(
      `resources/stages.yml does not know the stage "${stage}"; it knows ${known}. For a stage of your own, add a line \`${stage}: {}\` to it`,
    );
  }
  const merged = stageSchema.safeParse({ ...defaults, ...own, ...given });
  if (!merged.success) throw new StageParamError(notValid(`Stage ${stage}`, merged.error));
  const params = merged.data;
  if (sameKey(params.optInTag, params.protectedTag)) {
    throw new StageParamError(`Stage ${stage}: protectedTag must not be the same tag as optInTag`);
  }
  const conflicts = [...conflictsOf(params), ...chatConflictsOf(params), ...spokeConflictsOf(params)];
  if (conflicts.length > 0) throw new StageParamError(`Stage ${stage} is not valid:\n  ${conflicts.join('\n  ')}`);
  return params;
}

/** Spokes without what their roles ask for, which could never be reached. */
function spokeConflictsOf(params: StageParams): string[] {
  const needed = ['organizationId', 'spokeExternalId'] as const;
  if (!params.spokeAccounts) return [];
  return needed.filter((name) => !params[name]).map((name) => `spokeAccounts needs ${name}`);
}

/** Params of a chat client that do not fit together: a channel that is half named, or answers without a channel. */
function chatConflictsOf(params: StageParams): string[] {
  const { chat, chatAnswers } = params;
  const named = {
    slack: ['chatSlackWorkspace', 'chatSlackChannel'],
    teams: ['chatTeamsTenant', 'chatTeam', 'chatTeamsChannel'],
  } as const;
  const others = Object.entries(named).flatMap(([client, names]) => (client === chat ? [] : names));
  return [
    ...(chat === 'none'
      ? []
      : named[chat].filter((name) => !params[name]).map((name) => `chat: ${chat} needs ${name}`)),
    ...others.filter((name) => params[name]).map((name) => `${name} is set, but chat is ${chat}`),
    ...(chat === 'none' && chatAnswers ? ['chatAnswers is set, but chat is none'] : []),
  ];
}
