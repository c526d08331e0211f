import { type Item, readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';

/** The key of an item of fleet control: each has a partition whose few owners alone may write it (packaging/partitions.ts). */
export interface ControlKey extends Item {
  pk: string;
  sk: string;
}

/** The one partition in which earlier releases kept all of them, and in which the circuit breaker still is. */
const formerPartition = 'FLEET';

/** Reads an item of fleet control; one that no step of this release has written yet, where earlier releases left it. */
export async function readControl(key: ControlKey, config: Pick<Config, 'TABLE_NAME'>): Promise<Item | undefined> {
  return (await readItem(key, config)) ?? readItem({ ...key, pk: formerPartition }, config);
}
