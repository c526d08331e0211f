import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { whyNot } from '../../drill/stage/why';
import { listBlocks } from '../../functions/containment/block-store';
import { readFailingPlaces } from '../../functions/guard/failing-places';
import { readControl } from '../../functions/guard/fleet-control';
import { killSwitchKey } from '../../functions/guard/kill-switch-key';
import { alarmStorm, findingStorm, type StormKind, stormKeyOf, suspicionStorm } from '../../functions/guard/storm';
import { quarantineTag } from '../../functions/guard/tags';
import { table } from '../../functions/shared/clients/dynamodb';
import { readItem } from '../../functions/shared/clients/table';
import type { Config } from '../../functions/shared/config';
import { askStage } from '../ask-stage';
import { tableOf } from '../incidents/records';

/** What could not be read, with the reason; the rest of the status stands. */
export interface Unknown {
  unknown: string;
}
export type Known<T> = T | Unknown;
export const isUnknown = <T>(value: Known<T>): value is Unknown =>
  typeof value === 'object' && value !== null && 'unknown' in value;

export interface Status {
  stage: string;
  /** ISO 8601. */
  at: string;
  mode: Known<string>;
  killSwitch: { on: boolean; by?: string | undefined; reason?: string | undefined; at?: string | undefined };
  /** Actions in the circuit breaker's window, of how many. */
  breaker: Known<{ used: number; limit: number; minutes: number }>;
  /** Kinds of storms that go on. */
  storms: Known<string[]>;
  places: { place: string; until: string; why: string }[];
  noticesDue: string[];
  blocks: { cidr: string; until: string }[];
  /** Instances with the quarantine tag. */
  isolated: Known<{ instanceId: string; by: string }[]>;
  /** Accounts of the stage whose instances the caller's credentials do not reach; none for a stage of one account. */
  notRead?: string[];
  /** Alarms on the automation itself that are in ALARM. */
  alarms: Known<string[]>;
}

const settingsSchema = z.object({
  MODE: z.string(),
  BREAKER_LIMIT: z.coerce.number(),
  BREAKER_WINDOW_MINUTES: z.coerce.number(),
  STORM_LIMIT: z.coerce.number(),
  STORM_WINDOW_MINUTES: z.coerce.number(),
  /** The stage's own account, then the others. */
  ACCOUNT_IDS: z.string().default(''),
});
type Settings = z.output<typeof settingsSchema>;

const known = async <T>(read: Promise<T>): Promise<Known<T>> =>
  read.catch((cause: unknown) => ({ unknown: whyNot(cause) }));

/** Reads how a stage is. @throws StageCallError if its table cannot be read: then there is no such stage here */
export async function readStatus(stage: string, now: Date): Promise<Status> {
  const config = { TABLE_NAME: tableOf(stage) };
  const ofTable = <T>(ask: () => Promise<T>) =>
    askStage(`Stage ${stage} could not be read from ${config.TABLE_NAME}`, ask);
  // First alone: an unknown stage or missing credentials are told once, and at once.
  const item = await ofTable(() => readItem(killSwitchKey, config));
  const [settings, places, due, blocks, slots, storms, isolated, alarms] = await Promise.all([
    known(readSettings(stage)),
    ofTable(() => readFailingPlaces(now, config)),
    ofTable(() => dueNotices(now, config)),
    ofTable(() => listBlocks(config as Config)),
    ofTable(async () => ((await readItem({ pk: 'FLEET', sk: 'BREAKER' }, config))?.slots ?? []) as { at: string }[]),
    ofTable(() => readStorms(config)),
    known(readIsolated()),
    known(readAlarms(stage)),
  ]);
  return {
    stage,
    at: now.toISOString(),
    mode: isUnknown(settings) ? settings : settings.MODE,
    killSwitch: switchOf(item),
    breaker: isUnknown(settings) ? settings : breakerOf(slots, settings, now),
    storms: isUnknown(settings) ? settings : stormsOf(storms, settings, now),
    places,
    noticesDue: due,
    blocks: blocks.map(({ cidr, until }) => ({ cidr, until })),
    isolated,
    ...othersOf(settings),
    alarms,
  };
}

function othersOf(settings: Known<Settings>): Pick<Status, 'notRead'> {
  const others = isUnknown(settings) ? [] : settings.ACCOUNT_IDS.split(',').slice(1);
  return others.length > 0 ? { notRead: others } : {};
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const switchOf = (item: Record<string, unknown> | undefined): Status['killSwitch'] =>
  item?.on === true ? { on: true, by: text(item.by), reason: text(item.reason), at: text(item.at) } : { on: false };

// The clients are loaded once the stage has answered: whoever names the wrong one hears so at once.
async function readSettings(stage: string): Promise<Settings> {
  const { GetFunctionConfigurationCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const FunctionName = `incident-playbooks-${stage}-plan-action`;
  const { Environment } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName }));
  return settingsSchema.parse(Environment?.Variables);
}

const before = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

function breakerOf(slots: readonly { at: string }[], settings: Settings, now: Date) {
  const minutes = settings.BREAKER_WINDOW_MINUTES;
  const used = slots.filter(({ at }) => at > before(now, minutes)).length;
  return { used, limit: settings.BREAKER_LIMIT, minutes };
}

const stormKinds: [kind: StormKind, words: string][] = [
  [alarmStorm, 'alarms'],
  [suspicionStorm, 'suspicions'],
  [findingStorm, 'findings'],
];
type StormItem = [words: string, item: Record<string, unknown> | undefined];

const readStorms = (config: Pick<Config, 'TABLE_NAME'>): Promise<StormItem[]> =>
  Promise.all(
    stormKinds.map(async ([kind, words]): Promise<StormItem> => [words, await readControl(stormKeyOf(kind), config)]),
  );

/** A storm lasts as long as something of it was seen within its window; one of alarms is an item only once it is confirmed. */
function stormsOf(items: readonly StormItem[], settings: Settings, now: Date): string[] {
  const since = before(now, settings.STORM_WINDOW_MINUTES);
  return items.flatMap(([words, item]) => {
    const size = Number(item?.size ?? item?.count ?? 0);
    const lastAt = text(item?.lastAt) ?? text(item?.startedAt) ?? '';
    const isOne = lastAt > since && (item?.size !== undefined || size > settings.STORM_LIMIT);
    return isOne ? [`${words} (${size})`] : [];
  });
}

/** A digest is due once its hour is over. */
async function dueNotices(now: Date, { TABLE_NAME }: Pick<Config, 'TABLE_NAME'>): Promise<string[]> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: TABLE_NAME,
      IndexName: 'by-notice',
      KeyConditionExpression: 'noticeState = :due AND closedAt <= :now',
      ExpressionAttributeValues: { ':due': 'PENDING', ':now': now.toISOString() },
    }),
  );
  return Items.map(({ pk }) => String(pk).replace(/^INCIDENT#/, ''));
}

async function readIsolated(): Promise<{ instanceId: string; by: string }[]> {
  const { EC2Client, paginateDescribeInstances } = await import('@aws-sdk/client-ec2');
  const found: { instanceId: string; by: string }[] = [];
  const input = { Filters: [{ Name: 'tag-key', Values: [quarantineTag] }] };
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: new EC2Client({}) }, input))
    for (const { InstanceId = '', Tags = [] } of Reservations.flatMap(({ Instances = [] }) => Instances))
      found.push({ instanceId: InstanceId, by: Tags.find(({ Key }) => Key === quarantineTag)?.Value ?? '' });
  return found;
}

async function readAlarms(stage: string): Promise<string[]> {
  const { CloudWatchClient, paginateDescribeAlarms } = await import('@aws-sdk/client-cloudwatch');
  const names: string[] = [];
  const input = { AlarmNamePrefix: `incident-playbooks-${stage}-`, StateValue: 'ALARM' as const };
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: new CloudWatchClient({}) }, input))
    names.push(...MetricAlarms.map(({ AlarmName = '' }) => AlarmName));
  return names;
}
