import {
  type DeleteCommand,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandOutput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Config } from '../config';
import { table } from './dynamodb';

export type Item = Record<string, unknown>;
type Table = Pick<Config, 'TABLE_NAME'>;
type Given<Input> = Omit<Input, 'TableName'>;

/** One item as it stands now (strongly consistent); undefined when there is none. */
export async function readItem(Key: Item, { TABLE_NAME }: Table): Promise<Item | undefined> {
  return (await table.send(new GetCommand({ TableName: TABLE_NAME, Key, ConsistentRead: true }))).Item;
}

/**
 * Every item of a partition, in the order of their sort keys, page by page (strongly consistent).
 * @param prefix what their sort keys begin with; empty for all
 */
export const itemsIn = (pk: string, prefix: string, { TABLE_NAME }: Table): Promise<Item[]> =>
  allPages((ExclusiveStartKey) =>
    table.send(
      new QueryCommand({
        TableName: TABLE_NAME,
        KeyConditionExpression: prefix ? 'pk = :pk AND begins_with(sk, :prefix)' : 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk, ...(prefix ? { ':prefix': prefix } : {}) },
        ConsistentRead: true,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    ),
  );

/** Reads a page of a query from a key on, or its first. */
export type ReadPage = (ExclusiveStartKey: Item | undefined) => Promise<QueryCommandOutput>;

/** The items of all pages of a query. */
export async function allPages(read: ReadPage): Promise<Item[]> {
  const found: Item[] = [];
  let from: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await read(from);
    found.push(...Items);
    from = LastEvaluatedKey;
  } while (from);
  return found;
}

/** Writes an item, whatever was there. */
export async function putItem(Item: Item, { TABLE_NAME }: Table): Promise<void> {
  await table.send(new PutCommand({ TableName: TABLE_NAME, Item }));
}

/** Changes an item. A condition that does not hold is an error. */
export async function updateItem(input: Given<UpdateCommandInput>, { TABLE_NAME }: Table): Promise<void> {
  await table.send(new UpdateCommand({ TableName: TABLE_NAME, ...input }));
}

/**
 * Writes on a condition.
 * @returns the attributes that the command asks for, none unless it asks; undefined when the condition did not hold
 */
export async function writeIf(command: PutCommand | UpdateCommand | DeleteCommand): Promise<Item | undefined> {
  try {
    return (await table.send(command as UpdateCommand)).Attributes ?? {};
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}

/** @returns whether the condition held */
export async function putIf(input: Given<PutCommandInput>, { TABLE_NAME }: Table): Promise<boolean> {
  return (await writeIf(new PutCommand({ TableName: TABLE_NAME, ...input }))) !== undefined;
}

/** @returns the attributes that are asked for, none unless they are; undefined when the condition did not hold */
export const updateIf = (input: Given<UpdateCommandInput>, { TABLE_NAME }: Table): Promise<Item | undefined> =>
  writeIf(new UpdateCommand({ TableName: TABLE_NAME, ...input }));
