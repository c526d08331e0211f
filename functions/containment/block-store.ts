import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { itemsIn, putIf, readItem, updateItem, writeIf } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { parseWith } from '../shared/parse';
import { type Block, blockSchema } from './blocks';

const pk = 'BLOCKS';
const keyOf = (cidr: string) => ({ pk, sk: `BLOCK#${cidr}` });

/**
 * Reserves a range for one incident, before anything is changed.
 * @returns the existing block: this incident's, or that of another incident which already has the range
 */
export async function reserveBlock(block: Block, config: Config): Promise<Block> {
  const Item = { ...keyOf(block.cidr), ...block };
  const isReserved = await putIf({ Item, ConditionExpression: 'attribute_not_exists(pk)' }, config);
  return isReserved ? block : ((await readBlock(block.cidr, config)) ?? block);
}

export async function readBlock(cidr: string, config: Config): Promise<Block | undefined> {
  const item = await readItem(keyOf(cidr), config);
  return item && parseWith(blockSchema, item, 'block');
}

/** All blocks, ordered by expiry. */
export async function listBlocks(config: Config): Promise<Block[]> {
  const items = await itemsIn(pk, '', config);
  const blocks = items.map((item) => parseWith(blockSchema, item, 'block'));
  return blocks.sort((a, b) => a.until.localeCompare(b.until));
}

/** Records where the block is, or is about to be, while this incident holds the range. @throws if it does not */
export async function noteBlock(
  { cidr, incidentId }: Pick<Block, 'cidr' | 'incidentId'>,
  change: Partial<Pick<Block, 'acl' | 'ipSet' | 'status'>>,
  config: Config,
): Promise<void> {
  const names = Object.keys(change);
  await updateItem(
    {
      Key: keyOf(cidr),
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: 'incidentId = :me',
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(change).map(([name, value]) => [`:${name}`, value])),
        ':me': incidentId,
      },
    },
    config,
  );
}

/** Removes the network ACL's or the IP set's part from a block's record. */
export async function forgetPlace(cidr: string, place: 'acl' | 'ipSet', config: Config): Promise<void> {
  await updateItem(
    {
      Key: keyOf(cidr),
      UpdateExpression: 'REMOVE #place',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#place': place },
    },
    config,
  );
}

/** Deletes a block that is no longer anywhere. @returns false if it still is somewhere */
export async function forgetBlock({ cidr, incidentId }: Block, config: Config): Promise<boolean> {
  const forgotten = await writeIf(
    new DeleteCommand({
      TableName: config.TABLE_NAME,
      Key: keyOf(cidr),
      ConditionExpression: 'incidentId = :me AND attribute_not_exists(acl) AND attribute_not_exists(ipSet)',
      ExpressionAttributeValues: { ':me': incidentId },
    }),
  );
  return forgotten !== undefined;
}
