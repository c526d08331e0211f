import { scoreRows, trainForest } from '../forest/forest';
import { LEAST_ROWS } from '../threshold';
import type { Detector } from './detector';
import { explainJoint } from './joint';
import { scoreInBlocks } from './rolling';

const TREES = 100;
const SEED = 1;

/** The isolation forest over all metrics together: seeded, full window, retrained each day on the 14 days before. */
export const isolationForest: Detector = {
  name: 'isolation-forest',
  threshold: 0.6,
  score: (frame) => ({
    scores: scoreInBlocks(frame, (past, block) => {
      if (past.matrix.rows < LEAST_ROWS) return undefined;
      return scoreRows(trainForest(past.matrix, { trees: TREES, seed: SEED }), block.matrix);
    }),
    explain: (at) => explainJoint(frame, at),
  }),
};
