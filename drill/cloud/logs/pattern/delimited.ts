import { comparison } from './compare';
import { FilterPatternError } from './error';
import type { Extracted, Filter } from './filter';
import { Reader } from './reader';

interface Field {
  name: string;
  holds: (value: string) => boolean;
}

const fieldName = /[A-Za-z_][A-Za-z0-9_-]*/;
const plainValue = /[^\s,\]&|()"%=<>!]+/;

/**
 * A pattern for lines of words: `[ip, status = 4* || status = 5*, ..., bytes > 1000]`. The number of fields must be the
 * line's, unless `...` stands for any number of them. What is in quotation marks or brackets in a line is one field.
 * Source: CloudWatch Logs user guide, "Filter pattern syntax", space-delimited log events.
 * @throws FilterPatternError
 */
export function parseDelimited(pattern: string): Filter {
  const reader = new Reader(pattern);
  const fields: (Field | '...')[] = [];
  if (!reader.takes('[')) throw reader.unexpected();
  do fields.push(reader.takes('...') ? '...' : field(reader));
  while (reader.takes(','));
  if (!reader.takes(']') || !reader.isAtEnd) throw reader.unexpected();
  const gap = fields.indexOf('...');
  if (gap !== fields.lastIndexOf('...')) throw new FilterPatternError('A pattern has one ellipsis at most.');
  const before = (gap < 0 ? fields : fields.slice(0, gap)) as Field[];
  const after = (gap < 0 ? [] : fields.slice(gap + 1)) as Field[];
  return {
    kind: 'delimited',
    regexes: reader.regexes,
    match(message) {
      const words = wordsOf(message);
      const fits = gap < 0 ? words.length === before.length : words.length >= before.length + after.length;
      if (!fits) return undefined;
      const tail = after.length > 0 ? words.slice(-after.length) : [];
      const pairs = [
        ...before.map((one, i) => [one, words[i]!] as const),
        ...after.map((one, i) => [one, tail[i]!] as const),
      ];
      if (!pairs.every(([{ holds }, word]) => holds(word))) return undefined;
      return Object.fromEntries(pairs.map(([{ name }, word]) => [`$${name}`, word])) satisfies Extracted;
    },
  };
}

function field(reader: Reader): Field {
  const first = reader.take(fieldName)?.[0];
  if (!first) throw reader.unexpected();
  const operator = reader.operator();
  if (!operator) return { name: first, holds: () => true };
  const groups = [[comparison(operator, reader.value(plainValue))]];
  for (;;) {
    const isAnd = reader.takes('&&');
    if (!isAnd && !reader.takes('||')) break;
    const name = reader.take(fieldName)?.[0];
    const next = reader.operator();
    if (!name || !next) throw reader.unexpected();
    if (name !== first) throw new FilterPatternError(`A field is compared as "${first}" and as "${name}".`);
    const test = comparison(next, reader.value(plainValue));
    if (isAnd) groups.at(-1)!.push(test);
    else groups.push([test]);
  }
  return { name: first, holds: (word) => groups.some((all) => all.every((test) => test(word))) };
}

/** The words of a line: quoted and bracketed text is one, without its marks. */
const wordsOf = (message: string): string[] =>
  [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(
    ([, quoted, bracketed, word]) => quoted ?? bracketed ?? word ?? '',
  );
