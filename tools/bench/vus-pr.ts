/** The widest buffer around a labelled stretch, in points, and how many thresholds a curve is drawn with. */
const WINDOW = 100;
const THRESHOLDS = 250;

/** A labelled stretch, both ends in. */
type Stretch = readonly [from: number, to: number];

/**
 * VUS-PR: the volume under the precision-recall surface over buffers of 0 to 100 points, 0 to 1. It needs no threshold; random
 * scores get about the share of labelled points. Source: Paparrizos et al., "Volume Under the Surface", 2022, as TSB-AD computes it.
 * @param labels 1 within a trouble, else 0; at least one trouble
 * @param scores one a point; an unknown score counts as 0
 */
export function vusPr(labels: Uint8Array, scores: Float64Array): number {
  const known = scores.map((score) => (Number.isNaN(score) ? 0 : score));
  const stretches = stretchesOf(labels);
  const order = Array.from(known.keys()).sort((a, b) => known[b]! - known[a]! || a - b);
  const thresholds = Array.from(
    { length: THRESHOLDS },
    (_, k) => known[order[Math.floor((k * (labels.length - 1)) / (THRESHOLDS - 1))]!]!,
  );
  const alerts = countsAt(order, known, thresholds);
  const near = marked(merged(stretches, WINDOW, labels.length), labels.length);
  let volume = 0;
  for (let buffer = 0; buffer <= WINDOW; buffer++) {
    volume += areaAt(buffer, { labels, known, stretches, order, thresholds, alerts, near });
  }
  return volume / (WINDOW + 1);
}

interface Surface {
  labels: Uint8Array;
  known: Float64Array;
  stretches: readonly Stretch[];
  /** Points from the highest score down. */
  order: readonly number[];
  thresholds: readonly number[];
  /** How many points reach each threshold. */
  alerts: readonly number[];
  near: Uint8Array;
}

/** The area under the curve with one buffer. */
function areaAt(buffer: number, { labels, known, stretches, order, thresholds, alerts, near }: Surface): number {
  const soft = softened(labels, stretches, buffer).map((one, i) => (near[i] ? one : 0));
  const positives = labels.reduce((sum, one) => sum + one, 0);
  const peaks = merged(stretches, buffer, labels.length).map(([from, to]) => highest(known, from, to));
  let area = 0;
  let before = 0;
  let at = 0;
  let hits = 0;
  let outside = 0;
  for (const [k, count] of alerts.entries()) {
    for (; at < count; at++) {
      const i = order[at]!;
      hits += soft[i]!;
      if (!labels[i]) outside += soft[i]!;
    }
    const seen = peaks.filter((peak) => peak >= thresholds[k]!).length / peaks.length;
    const recall = Math.min(hits / ((positives + positives + outside) / 2), 1) * seen;
    area += (recall - before) * (hits / count);
    before = recall;
  }
  return area;
}

function stretchesOf(labels: Uint8Array): Stretch[] {
  const found: Stretch[] = [];
  let from = -1;
  for (let i = 0; i <= labels.length; i++) {
    if (labels[i] && from < 0) from = i;
    if (!labels[i] && from >= 0) {
      found.push([from, i - 1]);
      from = -1;
    }
  }
  return found;
}

/** Stretches with half of a buffer on both sides; those that touch are one. */
function merged(stretches: readonly Stretch[], buffer: number, length: number): Stretch[] {
  const half = Math.floor(buffer / 2);
  const found: Stretch[] = [];
  let from = Math.max(stretches[0]![0] - half, 0);
  for (let k = 0; k + 1 < stretches.length; k++) {
    const next = stretches[k + 1]![0] - half;
    if (stretches[k]![1] + half >= next) continue;
    found.push([from, stretches[k]![1] + half]);
    from = next;
  }
  return [...found, [from, Math.min(stretches.at(-1)![1] + half, length - 1)]];
}

/** Labels that fade out over half of a buffer on both sides of each stretch. */
function softened(labels: Uint8Array, stretches: readonly Stretch[], buffer: number): Float64Array {
  const soft = Float64Array.from(labels);
  const half = Math.floor(buffer / 2);
  for (const [from, to] of buffer ? stretches : []) {
    for (let i = to + 1; i < Math.min(to + half + 1, soft.length); i++) soft[i]! += Math.sqrt(1 - (i - to) / buffer);
    for (let i = Math.max(from - half, 0); i < from; i++) soft[i]! += Math.sqrt(1 - (from - i) / buffer);
  }
  return soft.map((one) => Math.min(1, one));
}

/** How many of the ordered points reach each of the falling thresholds. */
function countsAt(order: readonly number[], known: Float64Array, thresholds: readonly number[]): number[] {
  let count = 0;
  return thresholds.map((threshold) => {
    while (count < order.length && known[order[count]!]! >= threshold) count++;
    return count;
  });
}

function marked(stretches: readonly Stretch[], length: number): Uint8Array {
  const marks = new Uint8Array(length);
  for (const [from, to] of stretches) marks.fill(1, from, to + 1);
  return marks;
}

const highest = (numbers: Float64Array, from: number, to: number) =>
  numbers.subarray(from, to + 1).reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
