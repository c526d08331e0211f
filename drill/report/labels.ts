/** Where a label above a plot stands: how many rows up, and how it leans on its place. */
export interface LabelPlace {
  row: number;
  align: 'left' | 'center' | 'right';
}

/** Height of a row of labels, and the usual width of a letter, in the units of the drawing. */
export const rowHeight = 15;
const letterWidth = 7;
const gap = 8;

/**
 * Places labels so that none covers another and none leaves the plot: each in the lowest row that has room. Pure.
 * @param width of the plot, in the same units as the places
 */
export function placeLabels(labels: readonly { x: number; text: string }[], width: number): LabelPlace[] {
  const rows: [from: number, to: number][][] = [];
  return labels.map(({ x, text }) => {
    const size = text.length * letterWidth;
    const align = x - size / 2 < 0 ? 'left' : x + size / 2 > width ? 'right' : 'center';
    const from = align === 'left' ? x : align === 'right' ? x - size : x - size / 2;
    const to = from + size;
    const isFree = (row: [number, number][]) => row.every(([start, end]) => to + gap < start || from - gap > end);
    const found = rows.findIndex(isFree);
    const row = found < 0 ? rows.length : found;
    rows[row] = [...(rows[row] ?? []), [from, to]];
    return { row, align };
  });
}
