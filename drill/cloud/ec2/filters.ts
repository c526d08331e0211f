import type { Filter } from '@aws-sdk/client-ec2';
import { serviceError, UnmodelledInputError } from '../errors';
import { invalidParameter } from './errors';

/** The values of a thing that a filter looks at; none when the filter has no meaning for it. */
export type FilterValues<Item> = Readonly<Record<string, (item: Item) => readonly (string | undefined)[]>>;

/** Keeps the items that pass all filters. A filter's values are alternatives, `*` and `?` are wildcards. */
export function applyFilters<Item extends { readonly tags: ReadonlyMap<string, string> }>(
  items: readonly Item[],
  filters: readonly Filter[] | undefined,
  values: FilterValues<Item>,
): Item[] {
  return items.filter((item) => (filters ?? []).every((filter) => passes(item, filter, values)));
}

function passes<Item extends { readonly tags: ReadonlyMap<string, string> }>(
  item: Item,
  filter: Filter,
  values: FilterValues<Item>,
): boolean {
  const found = valuesOf(item, filter.Name ?? '', values);
  return (filter.Values ?? []).some((wanted) =>
    found.some((value) => value !== undefined && wildcard(wanted).test(value)),
  );
}

function valuesOf<Item extends { readonly tags: ReadonlyMap<string, string> }>(
  item: Item,
  name: string,
  values: FilterValues<Item>,
) {
  if (name === 'tag-key') return [...item.tags.keys()];
  if (name.startsWith('tag:')) return [item.tags.get(name.slice(4))];
  const own = values[name];
  if (!own) throw new UnmodelledInputError(`The simulated EC2 does not model the filter '${name}'.`);
  return own(item);
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's');
}

/** Source: EC2 API reference, DescribeInstances, MaxResults: between 5 and 1000, and not beside instance IDs. */
const pageSizes = [5, 1000] as const;
/**
 * More than this without MaxResults make DescribeNetworkInterfaces fail: "susceptible to throttling and timeouts".
 * Source: its API reference, which gives no number.
 */
const mostUnpaged = 1000;

/** What a paged request says. */
interface Asked {
  MaxResults?: number | undefined;
  NextToken?: string | undefined;
}

/**
 * One page of a listing: everything unless MaxResults is given. The token is the position of the next item.
 * @param ids what the request names
 * @throws InvalidParameterValue on a bad token or size, InvalidParameterCombination beside ids
 */
export function page<Item>(
  items: readonly Item[],
  { MaxResults, NextToken }: Asked,
  ids?: readonly string[],
): { items: Item[]; nextToken?: string } {
  if (MaxResults !== undefined && ids?.length)
    throw serviceError(
      'ec2',
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  if (MaxResults !== undefined && (MaxResults < pageSizes[0] || MaxResults > pageSizes[1]))
    throw invalidParameter(
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  return slice(items, MaxResults ?? items.length, NextToken);
}

/** Some items of a list. The token is the position of the next one. @throws InvalidParameterValue on a bad token */
export function slice<Item>(
  items: readonly Item[],
  size: number,
  token: string | undefined,
): { items: Item[]; nextToken?: string } {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) throw invalidParameter(`Invalid value '${token}' for nextToken.`);
  const to = from + size;
  return { items: items.slice(from, to), ...(to < items.length && { nextToken: String(to) }) };
}

/** A listing that fails where it is long and no page is asked for. @throws RequestLimitExceeded */
export function assertPaged(items: readonly unknown[], { MaxResults }: Asked): void {
  if (MaxResults === undefined && items.length > mostUnpaged)
    throw serviceError('ec2', 'RequestLimitExceeded', 'Request limit exceeded.', 503);
}
