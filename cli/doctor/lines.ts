import type { Colour, Paint } from '../../drill/render/paint';
import { shown } from '../../drill/render/shown';
import { type Line, totalsOf, type Verdict } from './line';

const colours: Record<Verdict, Colour> = { ok: 'green', warn: 'yellow', fail: 'red', 'not asked': 'dim' };

/**
 * A report, one check a line, each with what to do below it. Pure.
 * @param words how a verdict is called, where not by its own name
 */
export function reportLines(
  title: string,
  lines: readonly Line[],
  paint: Paint,
  words: Partial<Record<Verdict, string>> = {},
): string[] {
  const wordOf = (verdict: Verdict) => words[verdict] ?? verdict;
  const [width, whatWidth] = [
    Math.max(...lines.map(({ verdict }) => wordOf(verdict).length)),
    Math.max(...lines.map(({ what }) => what.length)),
  ];
  return [
    paint('bold', shown(title)),
    ...lines.flatMap(({ what, verdict, said, todo }) => [
      `${paint(colours[verdict], wordOf(verdict).padEnd(width))}  ${what.padEnd(whatWidth)}  ${shown(said)}`,
      ...(todo === undefined ? [] : [`${' '.repeat(width + 2)}→ ${shown(todo)}`]),
    ]),
    shown(totalsOf(lines)),
  ];
}
