import type { Frame } from '../frame';

/** What made a point an anomaly, in numbers and in one sentence. */
export interface Evidence {
  metric: string;
  /** The view of the series that found it, for example "value". */
  view: string;
  /** The point's value in the metric's own unit. */
  value: number;
  /** The nearest value that counts as normal, in the same unit; null where there is no single one. */
  nearestNormal: number | null;
  sentence: string;
}

/** The scores of a frame and what is behind them. */
export interface Scoring {
  /** One score per point, 0 (normal) to 1; NaN for a missing point, which is unknown. */
  scores: Float64Array;
  /** The evidence for one point's score; undefined where it is unknown. */
  explain(at: number): Evidence | undefined;
  /**
   * The same points by what lies to one side only; left out where a detector knows no side.
   * @param isFarOut where the value itself is far out: elsewhere a mere change, such as the way back from a dip, is 0
   */
  towards?(side: 'high' | 'low', isFarOut?: (at: number) => boolean): Scoring;
}

/** Scores every point of a frame, without using any later point. */
export interface Detector {
  readonly name: string;
  /** A point with this score or more is an anomaly. */
  readonly threshold: number;
  /** @param from points before it are not asked for: their scores may be 0 */
  score(frame: Frame, from?: number): Scoring;
}
