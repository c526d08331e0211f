import { UnmodelledInputError } from '../../errors';
import { comparison } from './compare';
import type { Filter } from './filter';
import { Reader } from './reader';

type Test = (event: unknown) => boolean;
interface Context {
  reader: Reader;
  selectors: Set<string>;
}

const selector = /\$(?:\.[A-Za-z0-9_\-@]+|\[(?:\d+|"[^"]*"|'[^']*')\])+/;
const plainValue = /[A-Za-z0-9_.:*+\-/]+/;

/**
 * A pattern for lines of JSON: `{ $.a.b = "x" && ( … || … ) }`, with IS NULL, IS TRUE, IS FALSE and NOT EXISTS. There is no
 * EXISTS and no IS NOT. A comparison of a field that a line does not have is false, also one with `!=`.
 * Source: CloudWatch Logs user guide, "Filter pattern syntax", JSON log events.
 * @throws FilterPatternError, UnmodelledInputError
 */
export function parseJson(pattern: string): Filter {
  const context: Context = { reader: new Reader(pattern), selectors: new Set() };
  const { reader, selectors } = context;
  if (!reader.takes('{')) throw reader.unexpected();
  const test = either(context);
  if (!reader.takes('}') || !reader.isAtEnd) throw reader.unexpected();
  return {
    kind: 'json',
    regexes: reader.regexes,
    match(message) {
      const event = parsed(message);
      if (event === undefined || !test(event)) return undefined;
      const values = [...selectors].map((name) => [name, valueAt(event, stepsOf(name))] as const);
      return Object.fromEntries(
        values.flatMap(([name, value]) => (isPlain(value) ? [[name, String(value)] as const] : [])),
      );
    },
  };
}

function either(context: Context): Test {
  const tests = [both(context)];
  while (context.reader.takes('||')) tests.push(both(context));
  return (event) => tests.some((test) => test(event));
}

function both(context: Context): Test {
  const tests = [one(context)];
  while (context.reader.takes('&&')) tests.push(one(context));
  return (event) => tests.every((test) => test(event));
}

function one(context: Context): Test {
  const { reader, selectors } = context;
  if (reader.takes('(')) {
    const inner = either(context);
    if (!reader.takes(')')) throw reader.unexpected();
    return inner;
  }
  const name = reader.take(selector)?.[0];
  if (!name) throw reader.unexpected();
  if (reader.take(/\.?\[?\*/)) throw new UnmodelledInputError('A wildcard in a property selector is not modelled.');
  selectors.add(name);
  const steps = stepsOf(name);
  if (reader.take(/NOT\s+EXISTS\b/)) return (event) => valueAt(event, steps) === undefined;
  const is = reader.take(/IS\s+(NULL|TRUE|FALSE)\b/)?.[1];
  if (is) {
    const wanted = { NULL: null, TRUE: true, FALSE: false }[is];
    return (event) => valueAt(event, steps) === wanted;
  }
  const operator = reader.operator();
  if (!operator) throw reader.unexpected();
  const holds = comparison(operator, reader.value(plainValue));
  return (event) => {
    const value = valueAt(event, steps);
    return isPlain(value) && holds(value);
  };
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function parsed(message: string): unknown {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    // A line that is no JSON matches no such pattern.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const stepsOf = (name: string): string[] =>
  [...name.matchAll(/\.([A-Za-z0-9_\-@]+)|\[(?:(\d+)|"([^"]*)"|'([^']*)')\]/g)].map(
    ([, plain, index, double, single]) => plain ?? index ?? double ?? single ?? '',
  );

function valueAt(event: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string, unknown>)[step]
        : undefined,
    event,
  );
}
