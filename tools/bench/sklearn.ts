import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { toRows } from '../../functions/anomaly/detectors/ml-isolation-forest';
import type { Matrix } from '../../functions/anomaly/forest/forest';
import { hasModule, python } from './python';

const answerSchema = z.object({ version: z.string(), milliseconds: z.number(), scores: z.array(z.number()) });
export type SklearnAnswer = z.infer<typeof answerSchema>;

export interface SklearnJob {
  train: Matrix;
  score: Matrix;
  trees: number;
  seed: number;
  repeats: number;
  /** The share of odd rows that gives the threshold; `auto` computes none. */
  contamination?: number | 'auto';
}

/**
 * Asks scikit-learn, through the python of the variable PYTHON or else python3.
 * @returns undefined when that python has no scikit-learn
 */
export function askSklearn({ train, score, contamination = 'auto', ...rest }: SklearnJob): SklearnAnswer | undefined {
  if (!hasModule('sklearn')) return undefined;
  const input = JSON.stringify({ train: toRows(train), score: toRows(score), contamination, ...rest });
  const run = spawnSync(python, [join(__dirname, 'sklearn_forest.py')], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`scikit-learn failed: ${run.stderr}`);
  return answerSchema.parse(JSON.parse(run.stdout));
}
