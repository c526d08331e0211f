import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** DynamoDB's names of its types. Source: DynamoDB API reference, AttributeValue. */
const types = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL'];

/** Whether an item is in DynamoDB's JSON, with the type of each value: `{"sk": {"S": "RECORD"}}`. */
export function isTyped(item: object): boolean {
  const values: unknown[] = Object.values(item);
  return values.length > 0 && values.every(isTypedValue);
}

function isTypedValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && types.includes(keys[0]!);
}

/** An item without the types. Numbers that JavaScript cannot hold stay strings: no record has any. */
export function untyped(item: object): Record<string, unknown> {
  return unmarshall(item as Record<string, AttributeValue>, { wrapNumbers: (text) => Number(text) });
}
