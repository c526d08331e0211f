import type { ActiveFault, FaultedCall } from '../faults/fault';

/** Until a write shows in a global secondary index, in ms: "within a fraction of a second, under normal conditions". */
const lagMs = 500;

type Attributes = Record<string, unknown>;
interface Write {
  at: number;
  /** The whole request, to see whether it touches an attribute that the index is made of. */
  text: string;
}

/**
 * A global secondary index shows an item a while after the table does; strongly consistent reads of it do not exist.
 * Source: DynamoDB developer guide, "Using global secondary indexes", "Data synchronization".
 */
export function lateIndexes(): ActiveFault {
  const writes = new Map<string, Write>();
  return {
    after: ({ entry }) => {
      if (entry.service === 'dynamodb' && entry.mutating)
        for (const key of keysIn(entry.input)) writes.set(key, { at: Date.now(), text: JSON.stringify(entry.input) });
      return undefined;
    },
    tamper: (call, output) => {
      const names = indexAttributes(call);
      const { Items } = output as { Items?: Attributes[] };
      if (names.length === 0 || !Items) return output;
      const isSeen = (item: Attributes) => {
        const write = writes.get(keyOf(item));
        return !write || Date.now() - write.at >= lagMs || !names.some((name) => write.text.includes(name));
      };
      const seen = Items.filter(isSeen);
      return { ...(output as object), Items: seen, Count: seen.length };
    },
  };
}

/** The attributes that a query of an index goes by; none for any other call. */
function indexAttributes({ entry: { service, command, input } }: FaultedCall): string[] {
  const { IndexName, KeyConditionExpression = '' } = input as { IndexName?: string; KeyConditionExpression?: string };
  if (service !== 'dynamodb' || command !== 'Query' || IndexName === undefined) return [];
  return KeyConditionExpression.split(/\s+/).filter(
    (word) => /^[a-z]\w*$/.test(word) && !/^(and|between)$/i.test(word),
  );
}

const keyOf = ({ pk, sk }: Attributes) => JSON.stringify([pk, sk]);

/** The items that a request writes: one, or those of a transaction. */
function keysIn(input: unknown): string[] {
  const { Item, Key, TransactItems = [] } = input as { Item?: Attributes; Key?: Attributes; TransactItems?: object[] };
  const own = Item ?? Key;
  return own ? [keyOf(own)] : TransactItems.flatMap((one) => Object.values(one).flatMap(keysIn));
}
