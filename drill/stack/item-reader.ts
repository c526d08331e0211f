type Fields = Record<string, unknown>;

/** What a Map's ItemReader becomes, beside the Map itself. */
export interface ItemReading {
  reader: Fields;
  map: Fields;
}

/** The end of the name that a Map with an ItemReader has inside the engine: its own name is that of the task that reads. */
const ofItems = ' (items)';

/** The context object in which the items of all readers are, outside of the state: they may be larger than it may be. */
export const itemsField = 'ItemReaders';

/**
 * A Map that reads its items from S3, as the engine, which knows no ItemReader, can run it: a task that reads, and the Map.
 * Both are one state in the history. Its Retry and Catch are those of reading, too.
 * Source: Step Functions developer guide, "ItemReader (Map)".
 */
export function splitReader(name: string, state: Fields, index: number): { names: [string, string] } & ItemReading {
  const { ItemReader, ItemProcessor, ...rest } = state;
  const { Resource, Parameters } = ItemReader as Fields;
  const { Retry, Catch } = rest;
  const inner = `${name}${ofItems}`;
  const reader = {
    ...{ Type: 'Task', Resource, Parameters, ResultPath: null, Next: inner },
    ...(Retry ? { Retry } : {}),
    ...(Catch ? { Catch } : {}),
  };
  return { names: [name, inner], reader, map: { ...rest, ItemProcessor, ItemsPath: `$$.${itemsField}.r${index}` } };
}

/** Whether an event is of the inside of such a Map, of which the history has nothing. */
export const isInside = (event: { type: string; state: string }, readers: ReadonlySet<string>): boolean =>
  (readers.has(event.state) && event.type === 'StateExited') ||
  (event.state.endsWith(ofItems) && event.type === 'StateEntered');

/** The name that the definition has for a state of the engine. */
export const outerName = (state: string): string => (state.endsWith(ofItems) ? state.slice(0, -ofItems.length) : state);

/** Why a Map could not read its items. Source: Step Functions developer guide, "Handling errors in Step Functions workflows". */
class ItemReaderFailedError extends Error {
  override name = 'States.ItemReaderFailed';
}

/**
 * Reads the items of a JSON array from S3, as ItemReader does with `InputType: JSON`.
 * @throws States.ItemReaderFailed when the object cannot be read, or is no JSON array
 */
export async function readItems<From>(
  input: unknown,
  integrate: (call: { service: 's3'; command: string; input: object }, from: From) => Promise<unknown>,
  from: From,
): Promise<unknown[]> {
  try {
    const call = { service: 's3', command: 'GetObject', input: input as object } as const;
    const { Body } = (await integrate(call, from)) as { Body: { transformToString(): Promise<string> } };
    const items: unknown = JSON.parse(await Body.transformToString());
    if (Array.isArray(items)) return items;
  } catch (cause) {
    throw new ItemReaderFailedError(`The items could not be read: ${String(cause)}`, { cause });
  }
  throw new ItemReaderFailedError('The object is not a JSON array.');
}
