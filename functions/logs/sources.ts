import { NotACidrError, parseCidr } from '../containment/cidr';
import type { Search } from './searches';

/** An address that lines of a log name. */
export interface Source {
  cidr: string;
  family: 'IPv4' | 'IPv6';
  /** How many lines name it, ports it was rejected at, or bytes it sent. */
  count: number;
}

/** A row of Logs Insights: fields with their values, as text. */
export type Field = { field?: string | undefined; value?: string | undefined };

/**
 * The addresses of a query's rows, the most frequent first. A row without a valid single address, or without a number, is
 * left out: what a log has is text from outside.
 */
export function sourcesIn(rows: readonly (readonly Field[])[], counted: Search['counted']): Source[] {
  const found = rows.flatMap((fields) => {
    const row = new Map(fields.map(({ field, value }) => [field, value]));
    const address = row.get('ip') ?? row.get('srcAddr') ?? '';
    const count = Number(row.get(counted) ?? Number.NaN);
    const range = singleAddress(address);
    return range && Number.isFinite(count) && count > 0 ? [{ ...range, count }] : [];
  });
  const byRange = new Map<string, Source>();
  for (const one of found) {
    const known = byRange.get(one.cidr);
    byRange.set(one.cidr, known ? { ...known, count: known.count + one.count } : one);
  }
  return [...byRange.values()].sort((a, b) => b.count - a.count);
}

function singleAddress(text: string): Pick<Source, 'cidr' | 'family'> | undefined {
  if (text.includes('/')) return undefined;
  try {
    const { text: cidr, family } = parseCidr(text);
    return { cidr, family };
  } catch (error) {
    if (error instanceof NotACidrError) return undefined;
    throw error;
  }
}

const mostShown = 10;

/** The sources in words: `203.0.113.9/32 (840 lines), … and 12 more`. */
export function tellSources(sources: readonly Source[], counted: Search['counted']): string {
  const shown = sources.slice(0, mostShown).map(({ cidr, count }) => `${cidr} (${count} ${counted})`);
  const more = sources.length > mostShown ? ` and ${sources.length - mostShown} more` : '';
  return `${shown.join(', ')}${more}`;
}
