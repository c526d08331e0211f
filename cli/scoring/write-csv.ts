import type { SeriesTable } from '../../drill/series/table';
import type { Scoring } from '../../functions/anomaly/detectors/detector';
import { alertsOf } from '../../functions/anomaly/echo';
import { csvCell } from './csv-cell';

/** Decimal places of a score: enough to distinguish scores, and the same on every machine. */
const SCORE_DIGITS = 9;

/** A score as text; empty for a missing point, because unknown is not normal. */
const scoreText = (score: number) => (Number.isNaN(score) ? '' : String(Number(score.toFixed(SCORE_DIGITS))));

/**
 * The input rows, each with its score, and its explanation if requested.
 * @param alertsFrom adds a column with the score of each row that starts an alert: one for each trouble, from this score on
 */
export function writeScores(
  { header, rows, at }: SeriesTable,
  { scores, explain }: Scoring,
  withExplanation: boolean,
  alertsFrom?: number,
): string {
  const alerts = alertsFrom === undefined ? undefined : alertsOf(scores, alertsFrom);
  const added = [...(alerts ? ['alert'] : []), ...(withExplanation ? ['explanation'] : [])];
  const lines = [[...header, 'score', ...added]];
  for (const [i, row] of rows.entries()) {
    const index = at[i]!;
    const alert = alerts ? [scoreText(alerts[index]!)] : [];
    const why = withExplanation ? [explain(index)?.sentence ?? 'unknown: the value is missing'] : [];
    lines.push([...row, scoreText(scores[index]!), ...alert, ...why]);
  }
  return `${lines.map((line) => line.map(csvCell).join(',')).join('\n')}\n`;
}
