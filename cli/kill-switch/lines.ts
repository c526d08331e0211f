import { shown } from '../../drill/render/shown';
import { whyNot } from '../../drill/stage/why';
import type { CellEnd } from './cells';

/**
 * What AWS says of a region that an account has not enabled, and of wrong credentials alike. Source: Account Management
 * guide, "Enable or disable AWS Regions in your account".
 */
const strangeToken = /UnrecognizedClient|InvalidClientTokenId|AuthFailure|OptInRequired/;

/** Why a cell was not reached. Credentials that are good in another cell are not what is wrong in this one. */
function whyNotIn(cause: unknown, isGoodElsewhere: boolean): string {
  const { name = 'Error', message = String(cause) } = (cause ?? {}) as Partial<Error>;
  if (isGoodElsewhere && strangeToken.test(name))
    return `the region is not enabled in this account (${name}: ${message})`;
  return whyNot(cause);
}

/** One line a cell, with what is so there or why it was not reached. Pure. */
export function cellLines<T>(ends: readonly CellEnd<T>[], say: (done: T) => string): string[] {
  const width = Math.max(0, ...ends.map(({ region = '' }) => region.length));
  const isGood = ends.some((end) => 'done' in end);
  return ends.map((end) => {
    const said = 'done' in end ? say(end.done) : `NOT reached: ${whyNotIn(end.cause, isGood)}`;
    return `${(end.region ?? '').padEnd(width)}  ${shown(said)}`.trimStart();
  });
}

/** The regions of the cells that were not reached. Pure. */
export const notReached = (ends: readonly CellEnd<unknown>[]): string[] =>
  ends.flatMap((end) => ('done' in end ? [] : [end.region ?? 'this region']));

/** How a switch is, as its item says. Pure. */
export function stateOf(item: Record<string, unknown> | undefined): string {
  if (item?.on !== true) return 'off';
  const text = (value: unknown) => (typeof value === 'string' ? value : 'unknown');
  return `on since ${text(item.at)} (${text(item.by)}: ${text(item.reason)})`;
}
