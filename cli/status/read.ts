import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { whyNot } from '../../drill/stage/why';
import { listBlocks } from '../../functions/containment/block-store';
import { readSlots } from '../../functions/guard/circuit-breaker';
import { readFailingPlaces } from '../../functions/guard/failing-places';
import { killSwitchKey } from '../../functions/guard/kill-switch-key';
import { placesOf, type Scope } from '../../functions/place/place';
import { table } from '../../functions/shared/clients/dynamodb';
import { readItem } from '../../functions/shared/clients/table';
import type { Config } from '../../functions/shared/config';
import { askStage, StageCallError } from '../ask-stage';
import { readList, tableOf } from '../incidents/records';
import { accountsIn, assertListed } from '../stage-accounts';
import { readAccounts, recordsMs } from './accounts';
import { breakerOf, readSettings, readStorms, type Settings, stormsOf } from './guards';
import { readAlarms, readIsolated } from './live';
import { isUnknown, type Known, type Status } from './status';

export type { Known, Status, Unknown } from './status';
export { isUnknown } from './status';

const known = async <T>(read: Promise<T>): Promise<Known<T>> =>
  read.catch((cause: unknown) => ({ unknown: whyNot(cause) }));

/**
 * Reads how a stage is.
 * @param account the one to read of a stage that has several
 * @throws StageCallError if its table cannot be read: then there is no such stage here; NoSuchAccountError
 */
export async function readStatus(stage: string, now: Date, account?: string): Promise<Status> {
  const config = { TABLE_NAME: tableOf(stage) };
  const ofTable = <T>(ask: () => Promise<T>) =>
    askStage(`Stage ${stage} could not be read from ${config.TABLE_NAME}`, ask);
  // First alone: an unknown stage or missing credentials are told once, and at once.
  const item = await ofTable(() => readItem(killSwitchKey, config));
  const settings = await known(readSettings(stage));
  const scope = scopeIn(settings);
  if (account !== undefined) assertKnown(account, settings, scope, stage);
  const [places, due, blocks, slots, storms, isolated, alarms] = await Promise.all([
    ofTable(() => readFailingPlaces(now, config)),
    ofTable(() => dueNotices(now, config)),
    ofTable(() => listBlocks(config as Config)),
    ofTable(() => readSlots(config)),
    ofTable(() => readStorms(config)),
    known(readIsolated()),
    known(readAlarms(stage)),
  ]);
  const isOfSeveral = scope.accounts.length > 1;
  const wanted = placesOf(scope).filter((one) => account === undefined || one.account === account);
  const accounts =
    isUnknown(settings) || !(isOfSeveral || account)
      ? undefined
      : await ofTable(async () => {
          const records = await readList(stage, new Date(now.getTime() - recordsMs), now);
          return readAccounts(wanted, { config: config as Config, settings, scope, records, slots, now });
        });
  return {
    stage,
    at: now.toISOString(),
    mode: isUnknown(settings) ? settings : settings.MODE,
    killSwitch: switchOf(item),
    breaker: isUnknown(settings) ? settings : breakerOf(slots, undefined, settings, now, isOfSeveral),
    storms: isUnknown(settings) ? settings : stormsOf(storms, settings, now),
    places,
    noticesDue: due,
    blocks: blocks.map(({ cidr, until }) => ({ cidr, until })),
    isolated,
    ...notReadIn(scope),
    ...(accounts ? { accounts } : {}),
    ...(account === undefined ? {} : { account }),
    alarms,
  };
}

/** The places of the stage, as far as its settings say; none of them when they cannot be read. */
const scopeIn = (settings: Known<Settings>): Scope =>
  isUnknown(settings)
    ? { accounts: [], regions: [] }
    : { accounts: accountsIn(settings.ACCOUNT_IDS), regions: settings.REGIONS.split(',').filter(Boolean) };

function assertKnown(account: string, settings: Known<Settings>, { accounts }: Scope, stage: string): void {
  if (isUnknown(settings))
    throw new StageCallError(`The accounts of stage ${stage} could not be read for --account: ${settings.unknown}`);
  assertListed(account, accounts, stage);
}

const notReadIn = ({ accounts: [, ...others] }: Scope): Pick<Status, 'notRead'> =>
  others.length > 0 ? { notRead: others } : {};

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const switchOf = (item: Record<string, unknown> | undefined): Status['killSwitch'] =>
  item?.on === true ? { on: true, by: text(item.by), reason: text(item.reason), at: text(item.at) } : { on: false };

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
