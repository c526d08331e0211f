import { UnmodelledInputError } from '../../errors';
import type { Row } from './expression';
import type { Words } from './words';

interface Aggregate {
  alias: string;
  of: (rows: readonly Row[]) => string;
}

/**
 * What follows `stats`: count, count_distinct, sum, max and min, by fields. A row whose field of the group is missing is
 * left out.
 * Source: CloudWatch Logs user guide, "stats", "Functions to use in the stats command".
 * @throws MalformedQueryError, UnmodelledInputError
 */
export function readStats(words: Words): { shown: string[]; step: (rows: readonly Row[]) => readonly Row[] } {
  const aggregates: Aggregate[] = [];
  do aggregates.push(readAggregate(words));
  while (words.takes(','));
  const by: string[] = [];
  if (words.takes('by')) {
    do by.push(words.need('name'));
    while (words.takes(','));
  }
  const step = (rows: readonly Row[]) => {
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      if (by.some((name) => row[name] === undefined)) continue;
      const key = JSON.stringify(by.map((name) => row[name]));
      const group = groups.get(key);
      if (group) group.push(row);
      else groups.set(key, [row]);
    }
    return [...groups.values()].map((group) => ({
      ...Object.fromEntries(by.map((name) => [name, group[0]![name]])),
      ...Object.fromEntries(aggregates.map(({ alias, of }) => [alias, of(group)])),
    }));
  };
  return { shown: [...by, ...aggregates.map(({ alias }) => alias)], step };
}

function readAggregate(words: Words): Aggregate {
  const name = words.need('name');
  words.needSign('(');
  const field = words.takes('*') ? '*' : words.take('name');
  if (field === undefined && name !== 'count') words.fail();
  words.needSign(')');
  const alias = words.takes('as') ? words.need('name') : `${name}(${field ?? ''})`;
  return { alias, of: aggregation(name, field ?? '*') };
}

function aggregation(name: string, field: string): Aggregate['of'] {
  const present = (rows: readonly Row[]) => rows.flatMap((row) => row[field] ?? []);
  const numbers = (rows: readonly Row[]) =>
    present(rows)
      .map(Number)
      .filter((value) => !Number.isNaN(value));
  switch (name) {
    case 'count':
      return (rows) => String(field === '*' ? rows.length : present(rows).length);
    case 'count_distinct':
      return (rows) => String(new Set(present(rows)).size);
    case 'sum':
      return (rows) => String(numbers(rows).reduce((sum, value) => sum + value, 0));
    case 'max':
      return (rows) => String(Math.max(...numbers(rows)));
    case 'min':
      return (rows) => String(Math.min(...numbers(rows)));
    default:
      throw new UnmodelledInputError(`The function ${name} of Logs Insights is not modelled.`);
  }
}
