import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { table } from '../shared/clients/dynamodb';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { killSwitchKey } from './kill-switch-key';

/** Someone has turned the stage's automation off. */
export class KillSwitchOnError extends PlaybookError {}

/**
 * Reads the stage's kill switch (strongly consistent). A failed read throws, so nothing is changed.
 * @throws KillSwitchOnError with who turned it on and why
 */
export async function assertNotSwitchedOff(config: Config): Promise<void> {
  const { Item } = await table.send(
    new GetCommand({ TableName: config.TABLE_NAME, Key: killSwitchKey, ConsistentRead: true }),
  );
  if (!Item?.on) return;
  throw new KillSwitchOnError(
    `The stage's kill switch is on (${Item.by ?? 'unknown'}: ${Item.reason ?? 'no reason given'}).`,
  );
}
