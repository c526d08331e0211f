import { readItem } from '../shared/clients/table';
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
  const item = await readItem(killSwitchKey, config);
  if (!item?.on) return;
  throw new KillSwitchOnError(
    `The stage's kill switch is on (${item.by ?? 'unknown'}: ${item.reason ?? 'no reason given'}).`,
  );
}
