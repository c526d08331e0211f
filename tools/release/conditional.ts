import { ReleaseMakingError } from './errors';
import type { Fields, Json } from './stable';

const noValue = { Ref: 'AWS::NoValue' };
const isFields = (node: Json): node is Fields => typeof node === 'object' && node !== null && !Array.isArray(node);
const same = (a: Json, b: Json) => JSON.stringify(a) === JSON.stringify(b);

/**
 * One template out of two: what only `on` has stands under a condition, and what differs has both forms. Of a list, `off` may
 * lack items, but has no others.
 * @throws ReleaseMakingError naming a place where a condition cannot stand
 */
export function underCondition(on: Json, off: Json, condition: string, at = ''): Json {
  if (same(on, off)) return on;
  if (Array.isArray(on) && Array.isArray(off)) return listUnder(on, off, condition, at);
  if (!isFields(on) || !isFields(off) || isIntrinsic(on) || isIntrinsic(off)) return { 'Fn::If': [condition, on, off] };
  const missing = Object.keys(off).find((key) => !(key in on));
  if (missing) throw new ReleaseMakingError(`${at}.${missing}: there is only without ${condition}.`);
  return Object.fromEntries(
    Object.entries(on).map(([key, value]) => {
      if (key in off) return [key, underCondition(value, off[key], condition, `${at}.${key}`)];
      return [key, { 'Fn::If': [condition, value, noValue] }];
    }),
  );
}

function listUnder(on: readonly Json[], off: readonly Json[], condition: string, at: string): Json[] {
  if (on.length === off.length) return on.map((item, i) => underCondition(item, off[i], condition, `${at}[${i}]`));
  let next = 0;
  const merged = on.map((item) => {
    if (next < off.length && same(item, off[next])) {
      next += 1;
      return item;
    }
    return { 'Fn::If': [condition, item, noValue] };
  });
  if (next < off.length) throw new ReleaseMakingError(`${at}[${next}]: there is only without ${condition}.`);
  return merged;
}

const isIntrinsic = (node: Fields) => Object.keys(node).length === 1 && /^(Ref$|Fn::)/.test(Object.keys(node)[0]!);
