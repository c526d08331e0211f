import { stripVTControlCharacters } from 'node:util';

/** Breaks a text at spaces so that no line is longer than so many columns. */
export type Wrap = (text: string, columns: number) => string;

/** Where the text of a line begins: behind its indent, a mark and a time. */
const beginning =
  /^ *(?:[^\s\p{L}\p{N}] )?(?:\d{4}-\d\d-\d\d )?(?:\d\d:\d\d:\d\d {2})?(?:[✔✗→⋯↻✉▸] )?(?:[A-Z]{5,} {2})?/u;

/**
 * A line as several, none longer than a terminal is wide; what goes on stands below where the text began.
 * @param columns 0 for no limit: a file or a pipe
 */
export function wrapLine(line: string, columns: number, wrap: Wrap): string {
  if (columns === 0 || stripVTControlCharacters(line).length <= columns) return line;
  const indent = beginning.exec(stripVTControlCharacters(line))![0].length;
  const spaces = /^ */.exec(line)![0];
  const [first = '', ...rest] = wrap(line.slice(spaces.length), Math.max(20, columns - indent)).split('\n');
  return [spaces + first, ...rest.map((one) => ' '.repeat(indent) + one)].join('\n');
}

/** How a line is written to a stream: wrapped to its width when it is a terminal. */
export async function wrapFor(stream: { isTTY?: boolean; columns?: number }): Promise<(line: string) => string> {
  if (stream.isTTY !== true) return (line) => line;
  const { default: wrapAnsi } = await import('wrap-ansi');
  const wrap: Wrap = (text, columns) => wrapAnsi(text, columns, { hard: true });
  return (line) => wrapLine(line, stream.columns ?? 80, wrap);
}
