import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { readBlock } from './block-store';
import type { Block } from './blocks';

/** The block is not over (any more): somebody blocks the range anew. */
export class NotExpiredError extends PlaybookError {}

/** Reads the block again before anything is taken away. @throws NotExpiredError */
export async function assertExpired({ cidr, incidentId }: Block, now: Date, config: Config): Promise<void> {
  const block = await readBlock(cidr, config);
  if (block?.incidentId === incidentId && block.until <= now.toISOString()) return;
  throw new NotExpiredError(`The block of ${cidr} is not over.`);
}
