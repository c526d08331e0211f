import { IsolationForest } from 'ml-isolation-forest';
import type { Matrix } from '../forest/forest';
import { seededRandom } from '../random';
import { LEAST_ROWS } from '../threshold';
import type { Detector } from './detector';
import { explainJoint } from './joint';
import { scoreInBlocks } from './rolling';

const TREES = 100;
const SEED = 1;

/** The rows of a matrix as the package takes them. */
export function toRows({ rows, columns, data }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)]);
}

/**
 * Runs `work` with Math.random replaced by a seeded source, because the package accepts no seed and the same input must
 * give the same score. Nothing else runs meanwhile: `work` is synchronous, and the original comes back even after an error.
 */
function withSeed<T>(seed: number, work: () => T): T {
  const original = Math.random;
  Math.random = seededRandom(seed);
  try {
    return work();
  } finally {
    Math.random = original;
  }
}

/** Trains the package's forest on rows and scores others. */
export function scoreWithPackage(past: Matrix, block: Matrix, trees = TREES, seed = SEED): Float64Array {
  return withSeed(seed, () => {
    const forest = new IsolationForest({ nEstimators: trees });
    forest.train(toRows(past));
    return Float64Array.from(forest.predict(toRows(block)));
  });
}

/** The isolation forest of the package ml-isolation-forest: the reference, to be chosen by name. */
export const mlIsolationForest: Detector = {
  name: 'ml-isolation-forest',
  threshold: 0.6,
  score: (frame) => ({
    scores: scoreInBlocks(frame, (past, block) =>
      past.matrix.rows < LEAST_ROWS ? undefined : scoreWithPackage(past.matrix, block.matrix),
    ),
    explain: (at) => explainJoint(frame, at),
  }),
};
