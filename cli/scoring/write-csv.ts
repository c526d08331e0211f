import type { MetricsFile } from '../../drill/metrics/read-csv';
import type { Scoring } from '../../functions/anomaly/detectors/detector';

/** Digits of a score that are written: enough to tell scores apart, the same on every machine. */
const SCORE_DIGITS = 9;

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A score as text; empty when the point is missing, since unknown is not normal. */
const scoreText = (score: number) => (Number.isNaN(score) ? '' : String(Number(score.toFixed(SCORE_DIGITS))));

/** The rows as they came, each with its score, and its explanation when asked for. */
export function writeScores(file: MetricsFile, { scores, explain }: Scoring, withExplanation: boolean): string {
  const lines = [[...file.header, 'score', ...(withExplanation ? ['explanation'] : [])]];
  file.rows.forEach((row, at) => {
    const why = withExplanation ? [explain(at)?.sentence ?? 'unknown: the value is missing'] : [];
    lines.push([...row, scoreText(scores[at]!), ...why]);
  });
  return `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`;
}
