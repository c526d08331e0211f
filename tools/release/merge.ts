import { ReleaseMakingError } from './errors';
import type { Places } from './places';
import { type Fields, type Json, nameOf } from './stable';

/** Properties that CloudFormation reads as numbers whatever their form; everywhere else a parameter would be text. */
const numbers = /\.(Threshold|RetentionInDays|Days|EvaluationPeriods|DatapointsToAlarm)$/;

/**
 * One template out of two that were packaged with different values: where they differ, the parameter stands whose values
 * these are, and all else is the same in both.
 * @throws ReleaseMakingError naming a place that no parameter explains
 */
export function merge(a: Json, b: Json, places: Places, at = ''): Json {
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.map((item, i) => merge(item, b[i], places, `${at}[${i}]`));
  if (isFields(a) && isFields(b)) return mergeFields(a, b, places, at);
  if (a === b && !(typeof a === 'string')) return a;
  if (typeof a === 'string' && typeof b === 'string') return mergeText(a, b, places, at);
  const found = typeof a === typeof b ? places.find(a, b) : undefined;
  if (found && numbers.test(at)) return found.expression;
  throw unexplained(a, b, at);
}

const isFields = (node: Json): node is Fields => typeof node === 'object' && node !== null && !Array.isArray(node);

function mergeFields(a: Fields, b: Fields, places: Places, at: string): Json {
  if ('Fn::Sub' in a && 'Fn::Sub' in b) return { 'Fn::Sub': mergeSub(a['Fn::Sub'], b['Fn::Sub'], places, at) };
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length || !keys.every((key) => key in b)) throw unexplained(a, b, at);
  const each = (key: string) => {
    const here = at ? `${at}.${key}` : key;
    // Every number in it has to be one, so a pattern that has a parameter among them is written as text.
    if (key === 'EventPattern' && numbersDiffer(a[key], b[key]))
      return { 'Fn::Sub': mergeJson(a[key], b[key], places, here) };
    return merge(a[key], b[key], places, here);
  };
  return Object.fromEntries(keys.map((key) => [key, each(key)]));
}

/** A text outside Fn::Sub, in which `${` has no meaning. */
function mergeText(a: string, b: string, places: Places, at: string): Json {
  if (a === b) return a;
  const whole = places.find(a, b);
  if (whole) return whole.expression;
  const text = places.inText(a, b, (part) => part.replaceAll('${', '${!'));
  if (text === undefined) throw unexplained(a, b, at);
  return { 'Fn::Sub': text };
}

function mergeSub(a: Json, b: Json, places: Places, at: string): Json {
  if (Array.isArray(a) && Array.isArray(b))
    return [mergeSub(a[0], b[0], places, at), merge(a[1], b[1], places, `${at}.values`)];
  const [left, right] = [String(a), String(b)];
  if (left === right) return left;
  const json = [parsed(left), parsed(right)];
  if (json.every(isFields)) return mergeJson(json[0], json[1], places, at, (part) => part);
  const text = places.inText(left, right, (part) => part);
  if (text === undefined) throw unexplained(left, right, at);
  return text;
}

/** A marker for a number within JSON, where text would be written in quotes. */
const mark = (text: string) => `\u0001${text}\u0001`;

/** The text for Fn::Sub of a JSON document with numbers, texts and references in it. */
function mergeJson(
  a: Json,
  b: Json,
  places: Places,
  at: string,
  literal = (part: string) => part.replaceAll('${', '${!'),
): string {
  const walk = (x: Json, y: Json, here: string): Json => {
    if (Array.isArray(x) && Array.isArray(y) && x.length === y.length)
      return x.map((one, i) => walk(one, y[i], `${here}[${i}]`));
    if (isFields(x) && isFields(y)) {
      if ('Ref' in x || 'Fn::GetAtt' in x) return `\${${nameOf(x, here)}}`;
      if ('Fn::Sub' in x) return mergeSub(x['Fn::Sub'], y['Fn::Sub'], places, here);
      const keys = Object.keys(x);
      if (
        keys.some((key) => key.startsWith('Fn::')) ||
        keys.length !== Object.keys(y).length ||
        !keys.every((key) => key in y)
      )
        throw unexplained(x, y, here);
      return Object.fromEntries(keys.map((key) => [key, walk(x[key], y[key], `${here}.${key}`)]));
    }
    if (typeof x === 'string' && typeof y === 'string') {
      const text = places.inText(x, y, literal);
      if (text !== undefined) return text;
    }
    if (x === y) return x;
    const found = typeof x === typeof y ? places.find(x, y)?.text : undefined;
    if (found === undefined) throw unexplained(x, y, here);
    return typeof x === 'number' ? mark(found) : found;
  };
  return JSON.stringify(walk(a, b, at)).replace(/"\\u0001(.*?)\\u0001"/g, '$1');
}

function numbersDiffer(a: Json, b: Json): boolean {
  if (typeof a === 'number') return a !== b;
  if (typeof a !== 'object' || a === null) return false;
  return Object.entries(a).some(([key, value]) => numbersDiffer(value, (b as Fields)?.[key]));
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const unexplained = (a: Json, b: Json, at: string) =>
  new ReleaseMakingError(
    `${at}: no parameter explains the difference between ${short(a)} and ${short(b)}. Add it to packaging/release-parameters.ts.`,
  );
const short = (node: Json) => JSON.stringify(node)?.slice(0, 200);
