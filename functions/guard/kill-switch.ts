import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { killSwitchKey } from './kill-switch-key';

/** A person has switched the stage's automation off. */
export class KillSwitchOnError extends PlaybookError {}

/**
 * Reads the stage's kill switch (strongly consistent). A read that fails throws, so nothing is done.
 * @throws KillSwitchOnError with who switched it on and why
 */
export async function assertNotSwitchedOff(config: Config): Promise<void> {
  const { Item } = await table.send(
    new GetCommand({ TableName: config.TABLE_NAME, Key: killSwitchKey, ConsistentRead: true }),
  );
  if (!Item?.on) return;
  throw new KillSwitchOnError(
    `The kill switch of the stage is on (${Item.by ?? 'somebody'}: ${Item.reason ?? 'no reason given'}).`,
  );
}
