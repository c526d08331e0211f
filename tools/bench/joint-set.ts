import type { Matrix } from '../../functions/anomaly/forest/forest';
import { seededRandom } from '../../functions/anomaly/random';

/** A multi-metric set: rows of the metrics together, and which rows are odd. */
export interface JointSet {
  metrics: string[];
  matrix: Matrix;
  isOdd: boolean[];
}

const POINTS = 4032;

/** Odd stretches, each of this many points, one in every fifth of the second half. */
const STRETCHES = 5;
const STRETCH_POINTS = 6;

/**
 * 14 days of four metrics that follow one load: busy days, quiet nights. In the odd stretches CPU is as low as at night
 * while outbound traffic and disk writes are as high as by day: each value is ordinary alone, together they are not.
 */
export function jointSet(seed: number): JointSet {
  const random = seededRandom(seed);
  const noise = () => random() + random() + random() - 1.5;
  const starts = Array.from(
    { length: STRETCHES },
    (_, k) => POINTS / 2 + Math.floor((k + 0.2 + 0.5 * random()) * (POINTS / 2 / STRETCHES)),
  );
  const isOdd = Array.from({ length: POINTS }, (_, i) =>
    starts.some((start) => i >= start && i < start + STRETCH_POINTS),
  );
  const data = new Float64Array(POINTS * 4);
  for (let i = 0; i < POINTS; i++) {
    const day = 1 / (1 + Math.exp(-6 * Math.sin((2 * Math.PI * i) / 288)));
    const [quiet, busy] = isOdd[i] ? [0.05, 0.95] : [day, day];
    const row = [
      10 + 60 * quiet + 6 * noise(),
      1e6 * (1 + 8 * quiet + 0.8 * noise()),
      1e6 * (2 + 20 * busy + 2 * noise()),
      1e5 * (1 + 5 * busy + 0.6 * noise()),
    ];
    data.set(row, i * 4);
  }
  return {
    metrics: ['CPUUtilization', 'NetworkIn', 'NetworkOut', 'DiskWriteBytes'],
    matrix: { rows: POINTS, columns: 4, data },
    isOdd,
  };
}

/** The area under the precision-recall curve, as the mean precision at each odd row; ties are taken row by row as they come. */
export function averagePrecision(scores: Float64Array, isOdd: readonly boolean[]): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  let found = 0;
  let sum = 0;
  order.forEach((row, rank) => {
    if (!isOdd[row]) return;
    found++;
    sum += found / (rank + 1);
  });
  return sum / found;
}

/** Spearman's rank correlation; equal numbers share their mean rank. */
export function rankCorrelation(a: Float64Array, b: Float64Array): number {
  const x = ranks(a);
  const y = ranks(b);
  const middle = (a.length - 1) / 2;
  let both = 0;
  let ofX = 0;
  let ofY = 0;
  for (let i = 0; i < a.length; i++) {
    both += (x[i]! - middle) * (y[i]! - middle);
    ofX += (x[i]! - middle) ** 2;
    ofY += (y[i]! - middle) ** 2;
  }
  return both / Math.sqrt(ofX * ofY);
}

function ranks(numbers: Float64Array): Float64Array {
  const order = Array.from(numbers.keys()).sort((a, b) => numbers[a]! - numbers[b]!);
  const out = new Float64Array(numbers.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && numbers[order[to]!] === numbers[order[from]!]) to++;
    for (let k = from; k < to; k++) out[order[k]!] = (from + to - 1) / 2;
    from = to;
  }
  return out;
}
