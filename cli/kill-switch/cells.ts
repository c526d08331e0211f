import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { killSwitchKey } from '../../functions/guard/kill-switch-key';
import { tableOf } from '../incidents/records';

/** The deployment of a stage in one region; undefined stands for the region of the environment. */
export type Region = string | undefined;

/** What somebody asked for. */
export interface Turn {
  stage: string;
  on: boolean;
  reason: string;
  /** On whose behalf. */
  by?: string | undefined;
}

/** What came of a cell: what is so there now, or why it is not known. */
export type CellEnd<T> = { region: Region } & ({ done: T } | { cause: unknown });

/** A region that is down must not hold up the others, nor the person, for long. */
const requestHandler = { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
const configOf = (region: Region) => ({ requestHandler, ...(region === undefined ? {} : { region }) });
const tableIn = (region: Region) => DynamoDBDocumentClient.from(new DynamoDBClient(configOf(region)));

/** The item that the guard reads before every change. */
export function killSwitchItem(
  { on, reason, by }: { stage: string; on?: boolean; reason: string; by: string },
  now: Date,
): Record<string, unknown> {
  return { ...killSwitchKey, on: on === true, by, at: now.toISOString(), reason };
}

/** Does the same in every cell at once. One that fails, fails alone. */
export function inEachCell<T>(regions: readonly Region[], work: (region: Region) => Promise<T>): Promise<CellEnd<T>[]> {
  return Promise.all(
    regions.map((region) =>
      work(region).then(
        (done): CellEnd<T> => ({ region, done }),
        (cause: unknown): CellEnd<T> => ({ region, cause }),
      ),
    ),
  );
}

/**
 * Turns the switch of one cell.
 * @param doubt is told why AWS did not confirm who calls
 */
export async function turnCell(region: Region, turn: Turn, now: Date, doubt: (why: string) => void): Promise<void> {
  const table = tableIn(region);
  await table.config.credentials();
  const Item = killSwitchItem({ ...turn, by: await whoCalls(region, turn.by, doubt) }, now);
  await table.send(new PutCommand({ TableName: tableOf(turn.stage), Item }));
}

/** The switch of one cell, as its guards read it; undefined if it was never turned. */
export async function readCell(region: Region, stage: string): Promise<Record<string, unknown> | undefined> {
  const command = new GetCommand({ TableName: tableOf(stage), Key: killSwitchKey, ConsistentRead: true });
  return (await tableIn(region).send(command)).Item;
}

/**
 * Who calls, as AWS knows it: the ARN of the user or of the role with its session. In an emergency the switch matters
 * more than the name, so one that AWS does not confirm is written down as just that.
 */
async function whoCalls(region: Region, claimed: string | undefined, doubt: (why: string) => void): Promise<string> {
  try {
    const { Arn } = await new STSClient(configOf(region)).send(new GetCallerIdentityCommand({}));
    if (Arn) return claimed === undefined ? Arn : `${Arn}, for ${claimed}`;
  } catch (error) {
    doubt((error as Error).message);
  }
  return `${claimed ?? process.env.USER ?? 'unknown'} (not verified)`;
}
