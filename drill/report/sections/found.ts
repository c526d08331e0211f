import type { Step } from '../steps';
import { cut } from '../words';

const most = 6000;
const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What a step added to the execution's state, as JSON; the whole state is too long to read.
 * @returns undefined if it added nothing
 */
export function foundBy({ input, output }: Pick<Step, 'input' | 'output'>): string | undefined {
  if (output === undefined) return undefined;
  const found = difference(input, output, 2);
  return found === undefined ? undefined : cut(JSON.stringify(found, null, 2), most);
}

function difference(before: unknown, after: unknown, depth: number): unknown {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  if (depth === 0 || !isFields(before) || !isFields(after)) return after;
  const fields = Object.entries(after)
    .map(([name, value]) => [name, difference(before[name], value, depth - 1)] as const)
    .filter(([, value]) => value !== undefined);
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}
