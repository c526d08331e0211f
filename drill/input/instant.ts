/** A time from an export: milliseconds since 1970, or why it is not valid. */
export type Instant = { at: number; why?: undefined } | { at?: undefined; why: string };

const example = '2026-03-02T09:00:00Z';

/** Data points and events come from a monitored computer: only these years are plausible. */
const since = Date.UTC(2000, 0, 1);
const until = Date.UTC(2100, 0, 1);

const isoPattern =
  /^(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(Z|UTC|[+-]\d{2}(?::?\d{2})?))?)?$/i;

/**
 * Reads an instant strictly: ISO 8601 (a date, or a date and a time, also with slashes and a space as CloudWatch's
 * console writes them; UTC unless it has a zone), or a number since 1970, in seconds or milliseconds according to its size.
 * Nothing rolls over: 31 February is not a date, and neither is a row number.
 */
export function readInstant(value: string | number): Instant {
  if (typeof value === 'number') return sinceEpoch(value);
  const text = value.trim();
  const match = isoPattern.exec(text);
  if (match) return ofParts(match);
  if (/^\d+(\.\d+)?$/.test(text)) return sinceEpoch(Number(text));
  return { why: `is not a time like ${example}` };
}

function sinceEpoch(value: number): Instant {
  const inRange = (ms: number) => ms >= since && ms < until;
  if (inRange(value * 1000)) return { at: Math.round(value * 1000) };
  if (inRange(value)) return { at: Math.round(value) };
  const finer = [1e3, 1e6].find((factor) => inRange(value / factor));
  if (finer !== undefined)
    return { why: `counts ${finer === 1e3 ? 'microseconds' : 'nanoseconds'}, where seconds or milliseconds are read` };
  return { why: `is neither seconds nor milliseconds since 1970, nor a time like ${example}` };
}

function ofParts([
  ,
  year,
  ,
  month,
  day,
  hour = '0',
  minute = '0',
  second = '0',
  fraction = '',
  zone,
]: string[]): Instant {
  const given = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [y, mo, d, h, mi, s] = given;
  if (h > 23 || mi > 59 || s > 59) return { why: 'is not a time of day' };
  const at = Date.UTC(y, mo - 1, d, h, mi, s, Number(fraction.padEnd(3, '0').slice(0, 3)));
  const back = new Date(at);
  const shown = [back.getUTCFullYear(), back.getUTCMonth() + 1, back.getUTCDate()];
  if (shown.some((part, i) => part !== given[i])) return { why: 'is not a day in the calendar' };
  const offset = offsetOf(zone);
  if (offset === undefined) return { why: 'has an unknown time zone' };
  const utc = at - offset;
  return utc >= since && utc < until ? { at: utc } : { why: 'is not between the years 2000 and 2100' };
}

/** A zone's offset from UTC in milliseconds; at most 14 hours (Kiribati). */
function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined || /^(Z|UTC)$/i.test(zone)) return 0;
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)!;
  const offset = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59 || offset > 14 * 60) return undefined;
  return (sign === '-' ? -1 : 1) * offset * 60_000;
}
