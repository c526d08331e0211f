import { BlockList, isIP } from 'node:net';
import { PlaybookError } from '../../functions/shared/errors';

/** A rule's event pattern is not one that EventBridge would take; the message names the field. */
export class EventPatternError extends PlaybookError {}

type Matcher = (value: unknown) => boolean;
type Fields = Record<string, unknown>;

/**
 * Whether EventBridge would hand this event to a rule with this pattern. Pure.
 * Source: EventBridge user guide, "Comparison operators for use in event patterns" and "Arrays in event patterns".
 * @throws EventPatternError for an operator that EventBridge does not have
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isFields(pattern)) throw new EventPatternError('the pattern must be an object');
  return matchesFields(pattern, event, '');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function matchesFields(pattern: Fields, event: unknown, at: string): boolean {
  // A pattern inside a list of objects must hold as a whole for one of them.
  if (Array.isArray(event)) return event.some((item) => matchesFields(pattern, item, at));
  const fields = isFields(event) ? event : {};
  return Object.entries(pattern).every(([key, expected]) => {
    const here = at ? `${at}.${key}` : key;
    if (key === '$or' && Array.isArray(expected)) return matchesOr(expected, event, here);
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (isFields(expected)) return matchesFields(expected, value, here);
    if (!Array.isArray(expected) || expected.length === 0)
      throw new EventPatternError(`${here}: expected a list of values`);
    return expected.map((item) => matcherOf(item, here)).some((matches) => matches(value));
  });
}

function matchesOr(alternatives: readonly unknown[], event: unknown, at: string): boolean {
  return alternatives.some((alternative) => {
    if (!isFields(alternative)) throw new EventPatternError(`${at}: expected a list of patterns`);
    return matchesFields(alternative, event, at);
  });
}

function matcherOf(expected: unknown, at: string): Matcher {
  if (!isFields(expected)) return anyItem((value) => value === expected);
  const [operator, ...more] = Object.keys(expected);
  if (operator === undefined || more.length > 0) throw new EventPatternError(`${at}: expected exactly one operator`);
  const argument = expected[operator];
  if (operator === 'exists') {
    const isLeaf = (value: unknown) => value !== undefined && !isFields(value);
    return (value) => isLeaf(value) === argument;
  }
  return anyItem(comparison(operator, argument, at));
}

/** An event's field may be a list: one matching item is enough; a field that is missing matches nothing. */
function anyItem(matches: Matcher): Matcher {
  return (value) => (Array.isArray(value) ? value.some(matches) : value !== undefined && matches(value));
}

function comparison(operator: string, argument: unknown, at: string): Matcher {
  switch (operator) {
    case 'prefix':
      return onText(argument, at, (value, text) => value.startsWith(text));
    case 'suffix':
      return onText(argument, at, (value, text) => value.endsWith(text));
    case 'equals-ignore-case':
      return onText({ 'equals-ignore-case': argument }, at, (value, text) => value === text);
    case 'wildcard':
      return wildcard(String(argument), at);
    case 'numeric':
      return numeric(argument, at);
    case 'cidr':
      return cidr(String(argument), at);
    case 'anything-but':
      return anythingBut(argument, at);
    default:
      throw new EventPatternError(`${at}: EventBridge has no operator ${operator}`);
  }
}

function onText(argument: unknown, at: string, test: (value: string, text: string) => boolean): Matcher {
  const ignoreCase = isFields(argument) && 'equals-ignore-case' in argument;
  const text = ignoreCase ? (argument as Fields)['equals-ignore-case'] : argument;
  if (typeof text !== 'string') throw new EventPatternError(`${at}: expected a text`);
  if (!ignoreCase) return (value) => typeof value === 'string' && test(value, text);
  return (value) => typeof value === 'string' && test(value.toLowerCase(), text.toLowerCase());
}

function wildcard(text: string, at: string): Matcher {
  if (/(?<!\\)\*\*/.test(text)) throw new EventPatternError(`${at}: consecutive wildcards are not allowed`);
  const source = text.replace(/\\([*\\])|([*])|([.+?^${}()|[\]\\/-])/g, (_whole, escaped, star, special) => {
    if (escaped) return `\\${escaped}`;
    return star ? '.*' : `\\${special}`;
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
}

const numericTests: Record<string, (value: number, limit: number) => boolean> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function numeric(argument: unknown, at: string): Matcher {
  const parts = Array.isArray(argument) ? argument : [];
  if (parts.length === 0 || parts.length % 2 === 1)
    throw new EventPatternError(`${at}: numeric needs pairs of operator and number`);
  const tests = Array.from({ length: parts.length / 2 }, (_unused, i) => {
    const test = numericTests[String(parts[2 * i])];
    const limit: unknown = parts[2 * i + 1];
    if (!test || typeof limit !== 'number')
      throw new EventPatternError(`${at}: numeric needs pairs of operator and number`);
    return (value: number) => test(value, limit);
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function cidr(text: string, at: string): Matcher {
  const [address = '', bits = ''] = text.split('/');
  const family = isIP(address);
  if (family === 0) throw new EventPatternError(`${at}: ${text} is no address range`);
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  return (value) =>
    typeof value === 'string' && isIP(value) > 0 && list.check(value, isIP(value) === 6 ? 'ipv6' : 'ipv4');
}

function anythingBut(argument: unknown, at: string): Matcher {
  if (isFields(argument)) {
    const [operator = '', ...more] = Object.keys(argument);
    if (more.length > 0) throw new EventPatternError(`${at}: expected exactly one operator`);
    const unwanted = asList(argument[operator]).map((item) => comparison(operator, item, at));
    return (value) => typeof value === 'string' && !unwanted.some((matches) => matches(value));
  }
  const unwanted = asList(argument);
  return (value) => !unwanted.includes(value);
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
