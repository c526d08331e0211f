import ipaddr from 'ipaddr.js';
import { UnmodelledInputError } from '../../errors';
import { regexOf } from './regex';
import type { Words } from './words';

/** One log event with its fields, or one row of a result. */
export type Row = Readonly<Record<string, string | undefined>>;
export type Condition = (row: Row) => boolean;

/**
 * What follows `filter`: comparisons, `like`, `in`, functions, `and`, `or`, `not`.
 * Source: CloudWatch Logs user guide, "CloudWatch Logs Insights language query syntax", filter; "Boolean, comparison …".
 * @throws MalformedQueryError, UnmodelledInputError
 */
export function readCondition(words: Words): Condition {
  const any = [readAll(words)];
  while (words.takes('or')) any.push(readAll(words));
  return (row) => any.some((one) => one(row));
}

function readAll(words: Words): Condition {
  const all = [readOne(words)];
  while (words.takes('and')) all.push(readOne(words));
  return (row) => all.every((one) => one(row));
}

function readOne(words: Words): Condition {
  if (words.takes('not')) {
    const inner = readOne(words);
    return (row) => !inner(row);
  }
  if (words.takes('(')) {
    const inner = readCondition(words);
    words.needSign(')');
    return inner;
  }
  const name = words.need('name');
  if (words.takes('(')) return readFunction(name, words);
  return readComparison(name, words);
}

function readFunction(name: string, words: Words): Condition {
  const field = words.need('name');
  if (name === 'ispresent') {
    words.needSign(')');
    return (row) => row[field] !== undefined;
  }
  if (name !== 'isIpv4InSubnet')
    throw new UnmodelledInputError(`The function ${name} of Logs Insights is not modelled.`);
  words.needSign(',');
  const subnet = ipaddr.IPv4.parseCIDR(words.need('text'));
  words.needSign(')');
  return (row) => {
    const value = row[field] ?? '';
    return ipaddr.IPv4.isValidFourPartDecimal(value) && ipaddr.IPv4.parse(value).match(subnet);
  };
}

function readComparison(field: string, words: Words): Condition {
  if (words.takes('not')) {
    const inner = words.takes('like')
      ? readLike(field, words)
      : words.takes('in')
        ? readIn(field, words)
        : words.fail();
    return (row) => !inner(row);
  }
  if (words.takes('like')) return readLike(field, words);
  if (words.takes('in')) return readIn(field, words);
  const operator = ['!=', '<=', '>=', '=', '<', '>'].find((one) => words.takes(one)) ?? words.fail();
  const text = words.take('text');
  const wanted = text ?? words.need('number');
  if (operator === '=') return (row) => row[field] === wanted;
  // A field that an event does not have is not equal to anything either.
  if (operator === '!=') return (row) => row[field] !== wanted;
  const limit = Number(wanted);
  return (row) => {
    const value = Number(row[field] ?? Number.NaN);
    if (operator === '<') return value < limit;
    if (operator === '>') return value > limit;
    return operator === '<=' ? value <= limit : value >= limit;
  };
}

function readLike(field: string, words: Words): Condition {
  const text = words.take('text');
  if (text !== undefined) return (row) => row[field]?.includes(text) ?? false;
  const expression = regexOf(words.need('regex'));
  return (row) => row[field] !== undefined && expression.test(row[field]);
}

function readIn(field: string, words: Words): Condition {
  words.needSign('(');
  const values: string[] = [];
  do values.push(words.take('text') ?? words.need('number'));
  while (words.takes(','));
  words.needSign(')');
  return (row) => row[field] !== undefined && values.includes(row[field]);
}
