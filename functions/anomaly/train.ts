import { featuresOf, rowsOf } from './features';
import { type Forest, trainForest } from './forest/forest';
import type { Frame } from './frame';
import { quantile } from './quantile';
import { CONTAMINATION } from './threshold';

/** A forest with the score that only the oddest share of its training rows reaches. */
export interface Model {
  forest: Forest;
  /** The contamination quantile of the training scores. */
  threshold: number;
}

export interface TrainOptions {
  seed: number;
  trees: number;
  /** Training rows: from (in) and to (out), as indices of the frame. */
  from: number;
  to: number;
}

/** The least rows a forest is trained on: with fewer, its 1 % quantile is a single row. */
export const LEAST_ROWS = 100;

/** Trains a forest on a stretch of a frame; undefined when fewer than 100 rows have every feature. */
export function train(frame: Frame, options: TrainOptions, features = featuresOf(frame)): Model | undefined {
  const { matrix } = rowsOf(features, options.from, options.to);
  if (matrix.rows < LEAST_ROWS || matrix.columns === 0) return undefined;
  const forest = trainForest(matrix, { trees: options.trees, seed: options.seed });
  return { forest, threshold: quantile(forest.trainingScores, 1 - CONTAMINATION) };
}
