import type { SeriesTable } from '../../drill/series/table';
import type { Scoring } from '../../functions/anomaly/detectors/detector';

/** Decimal places of a score: enough to distinguish scores, and the same on every machine. */
const SCORE_DIGITS = 9;

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A score as text; empty for a missing point, because unknown is not normal. */
const scoreText = (score: number) => (Number.isNaN(score) ? '' : String(Number(score.toFixed(SCORE_DIGITS))));

/** The input rows, each with its score, and its explanation if requested. */
export function writeScores(
  { header, rows, at }: SeriesTable,
  { scores, explain }: Scoring,
  withExplanation: boolean,
): string {
  const lines = [[...header, 'score', ...(withExplanation ? ['explanation'] : [])]];
  for (const [i, row] of rows.entries()) {
    const why = withExplanation ? [explain(at[i]!)?.sentence ?? 'unknown: the value is missing'] : [];
    lines.push([...row, scoreText(scores[at[i]!]!), ...why]);
  }
  return `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`;
}
