/** A labelled series: `windows` are [from, to] index pairs, both inside, in ascending order. */
export interface Labelled {
  name: string;
  times: Float64Array;
  values: Float64Array;
  windows: ReadonlyArray<readonly [number, number]>;
}

/** What a point of a series is worth when it is detected. */
export interface Judged {
  score: number;
  weight: number;
  /** A key for the window the point is in; undefined outside. */
  window: string | undefined;
}

/** A threshold and the NAB score (0 detects nothing, 100 is perfect) at it. */
export interface CurvePoint {
  threshold: number;
  score: number;
}

/** NAB's standard profile: what a false point costs. Source: Numenta Anomaly Benchmark, config/profiles.json. */
const FALSE_POSITIVE = 0.11;

/** The points at the start of a series that are not scored. */
export const probation = (length: number) => Math.min(Math.floor(0.15 * length), 750);

/** NAB's scaled sigmoid: 1 far before 0, -1 far after. */
function sigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/** Weighs each scored point of a series as NAB does: early in a window is worth most, just after one costs least. */
export function judgePoints(series: Labelled, scores: Float64Array): Judged[] {
  const length = series.values.length;
  const weight = new Float64Array(length).fill(-FALSE_POSITIVE);
  const owner = new Int32Array(length).fill(-1);
  series.windows.forEach(([from, to], index) => {
    const width = to - from + 1;
    for (let i = from; i <= to; i++) {
      owner[i] = index;
      weight[i] = sigmoid(-(to - i + 1) / width) / sigmoid(-1);
    }
    const next = series.windows[index + 1]?.[0] ?? length;
    for (let i = to + 1; i < next; i++) weight[i] = sigmoid((i - to) / (width - 1)) * FALSE_POSITIVE;
  });
  const judged: Judged[] = [];
  for (let i = probation(length); i < length; i++) {
    const window = owner[i]! >= 0 ? `${series.name}#${owner[i]}` : undefined;
    judged.push({ score: scores[i]!, weight: weight[i]!, window });
  }
  return judged;
}

/** The NAB score at every distinct threshold, from the highest threshold down. */
export function nabCurve(points: readonly Judged[], windowCount: number): CurvePoint[] {
  const sorted = [...points].sort((a, b) => b.score - a.score);
  const best = new Map<string, number>();
  let raw = -windowCount;
  const normalised = () => (100 * (raw + windowCount)) / (2 * windowCount);
  const curve: CurvePoint[] = [{ threshold: Number.POSITIVE_INFINITY, score: normalised() }];
  sorted.forEach((point, index) => {
    if (point.window === undefined) raw += point.weight;
    else {
      const before = best.get(point.window) ?? -1;
      if (point.weight > before) {
        raw += point.weight - before;
        best.set(point.window, point.weight);
      }
    }
    if (sorted[index + 1]?.score !== point.score) curve.push({ threshold: point.score, score: normalised() });
  });
  return curve;
}

/** The best point of a curve; the higher threshold where two are equal. */
export function bestOf(curve: readonly CurvePoint[]): CurvePoint {
  return curve.reduce((best, point) => (point.score > best.score ? point : best));
}

/** The NAB score of a curve at a given threshold. */
export function scoreAt(curve: readonly CurvePoint[], threshold: number): number {
  let score = curve[0]!.score;
  for (const point of curve) {
    if (point.threshold < threshold) break;
    score = point.score;
  }
  return score;
}
