import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../shared/aws-errors';
import { table } from '../shared/clients/dynamodb';
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
  try {
    await table.send(
      new PutCommand({
        TableName: config.TABLE_NAME,
        Item: { ...keyOf(block.cidr), ...block },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return block;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return (await readBlock(block.cidr, config)) ?? block;
  }
}

export async function readBlock(cidr: string, config: Config): Promise<Block | undefined> {
  const { Item } = await table.send(
    new GetCommand({ TableName: config.TABLE_NAME, Key: keyOf(cidr), ConsistentRead: true }),
  );
  return Item ? parseWith(blockSchema, Item, 'block') : undefined;
}

/** All blocks, ordered by expiry. */
export async function listBlocks(config: Config): Promise<Block[]> {
  const { Items } = await table.send(
    new QueryCommand({
      TableName: config.TABLE_NAME,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
    }),
  );
  const blocks = (Items ?? []).map((item) => parseWith(blockSchema, item, 'block'));
  return blocks.sort((a, b) => a.until.localeCompare(b.until));
}

/** Records where the block is, or is about to be, while this incident holds the range. @throws if it does not */
export async function noteBlock(
  { cidr, incidentId }: Pick<Block, 'cidr' | 'incidentId'>,
  change: Partial<Pick<Block, 'acl' | 'ipSet' | 'status'>>,
  config: Config,
): Promise<void> {
  const names = Object.keys(change);
  await table.send(
    new UpdateCommand({
      TableName: config.TABLE_NAME,
      Key: keyOf(cidr),
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: 'incidentId = :me',
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(change).map(([name, value]) => [`:${name}`, value])),
        ':me': incidentId,
      },
    }),
  );
}

/** Removes the network ACL's or the IP set's part from a block's record. */
export async function forgetPlace(cidr: string, place: 'acl' | 'ipSet', config: Config): Promise<void> {
  await table.send(
    new UpdateCommand({
      TableName: config.TABLE_NAME,
      Key: keyOf(cidr),
      UpdateExpression: 'REMOVE #place',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#place': place },
    }),
  );
}

/** Deletes a block that is no longer anywhere. @returns false if it still is somewhere */
export async function forgetBlock({ cidr, incidentId }: Block, config: Config): Promise<boolean> {
  try {
    await table.send(
      new DeleteCommand({
        TableName: config.TABLE_NAME,
        Key: keyOf(cidr),
        ConditionExpression: 'incidentId = :me AND attribute_not_exists(acl) AND attribute_not_exists(ipSet)',
        ExpressionAttributeValues: { ':me': incidentId },
      }),
    );
    return true;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return false;
  }
}
