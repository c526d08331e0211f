import { type FeatureRows, featuresOf, rowsOf } from '../features';
import type { Frame } from '../frame';

/** Points between two trainings, and the points each training sees: a day and 14 days of 5-minute points. */
export const BLOCK_POINTS = 288;
export const WINDOW_POINTS = 4032;

/**
 * Runs a trained detector over a frame without looking ahead: each block is scored by what was trained on the points before it.
 * @param scoreBlock trains on `past` and scores `block`, odd is high; undefined when the past is too short
 */
export function scoreInBlocks(
  frame: Frame,
  scoreBlock: (past: FeatureRows, block: FeatureRows) => Float64Array | undefined,
): Float64Array {
  const features = featuresOf(frame);
  const length = frame.times.length;
  const scores = new Float64Array(length).fill(Number.NaN);
  for (let from = 0; from < length; from += BLOCK_POINTS) {
    const to = Math.min(from + BLOCK_POINTS, length);
    const block = rowsOf(features, from, to);
    const found = scoreBlock(rowsOf(features, Math.max(0, from - WINDOW_POINTS), from), block);
    block.at.forEach((at, row) => {
      scores[at] = found?.[row] ?? 0;
    });
  }
  return scores;
}
