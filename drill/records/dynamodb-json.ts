import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** How DynamoDB names the types of its values. Source: DynamoDB API reference, AttributeValue. */
const types = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL'];

/** Whether an item is as the AWS CLI prints it, with the type of each value: `{"sk": {"S": "RECORD"}}`. */
export function isTyped(item: object): boolean {
  const values: unknown[] = Object.values(item);
  return values.length > 0 && values.every(isTypedValue);
}

function isTypedValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && types.includes(keys[0]!);
}

/** An item without the types. A number that JavaScript cannot hold stays a text: no record has one. */
export function untyped(item: object): Record<string, unknown> {
  return unmarshall(item as Record<string, AttributeValue>, { wrapNumbers: (text) => Number(text) });
}
