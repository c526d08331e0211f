/** Escapes text for a table cell. */
export const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();

/** A name of an alarm, an action or a field, as code. */
export const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``;

/** A table, padded as the project's formatter does it, so that formatting never changes a generated page. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(3, ...[title, ...rows.map((row) => row[i] ?? '')].map(widthOf)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, i) => text + ' '.repeat(widths[i]! - widthOf(text))).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

const widthOf = (text: string) => [...text].length;

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** 3600 → `1 h`, 930 → `15 min 30 s`. */
export function duration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ];
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(' ') || '0 s'
  );
}

/** The anchor that GitHub gives a heading: lower case, no punctuation, hyphens for spaces. */
export const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');

/** A line of the catalogue as a sentence: `find the cause` → `Find the cause.` */
export const sentence = (text: string): string => `${text.replace(/\p{L}/u, (first) => first.toUpperCase())}.`;
