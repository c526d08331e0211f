import type { Filter } from '@aws-sdk/client-ec2';
import { UnmodelledInputError } from '../errors';
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

/** One page of a listing. The token is the position of the next item. @throws InvalidParameterValue on a bad token. */
export function page<Item>(
  items: readonly Item[],
  size: number | undefined,
  token: string | undefined,
): { items: Item[]; nextToken?: string } {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) throw invalidParameter(`Invalid value '${token}' for nextToken.`);
  const to = from + (size ?? 1000);
  return { items: items.slice(from, to), ...(to < items.length && { nextToken: String(to) }) };
}
