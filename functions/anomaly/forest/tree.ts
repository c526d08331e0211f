import type { Random } from '../random';

/** An isolation tree in flat arrays: children are neighbours, so that one link a node is enough. */
export interface Tree {
  /** The column cut at each node; -1 at a leaf. */
  feature: Int16Array;
  cut: Float64Array;
  /** The left child; the right one follows it. */
  left: Int32Array;
  /** At a leaf: its depth and the expected depth of the rows that were not cut further. */
  path: Float64Array;
}

/** Euler's constant, for the harmonic numbers. */
const EULER = 0.5772156649015329;

/** The mean depth of an unsuccessful search in a binary tree of `size` rows: c(n) of the original article. */
export function unsuccessfulSearch(size: number): number {
  if (size <= 1) return 0;
  if (size === 2) return 1;
  return 2 * (Math.log(size - 1) + EULER) - (2 * (size - 1)) / size;
}

interface Range {
  low: number;
  high: number;
}

/**
 * Grows one tree over some rows, and adds to `paths` the path length of each of them.
 * The rows are reordered in place: every node owns one stretch of them.
 */
export function growTree(
  columns: readonly Float64Array[],
  rows: Int32Array,
  random: Random,
  paths: Float64Array,
): Tree {
  const capacity = 2 * rows.length;
  const feature = new Int16Array(capacity).fill(-1);
  const cut = new Float64Array(capacity);
  const left = new Int32Array(capacity);
  const path = new Float64Array(capacity);
  const start = new Int32Array(capacity);
  const end = new Int32Array(capacity);
  const depth = new Uint8Array(capacity);
  const heightLimit = Math.ceil(Math.log2(Math.max(rows.length, 2)));
  end[0] = rows.length;
  let nodes = 1;
  const range: Range = { low: 0, high: 0 };
  for (let node = 0; node < nodes; node++) {
    const from = start[node]!;
    const to = end[node]!;
    const column =
      depth[node]! < heightLimit && to - from > 1 ? pickColumn(columns, rows, from, to, random, range) : -1;
    if (column < 0) {
      const length = depth[node]! + unsuccessfulSearch(to - from);
      path[node] = length;
      for (let i = from; i < to; i++) paths[rows[i]!]! += length;
      continue;
    }
    const threshold = cutBetween(range, random);
    const middle = partition(columns[column]!, rows, from, to, threshold);
    feature[node] = column;
    cut[node] = threshold;
    left[node] = nodes;
    start[nodes] = from;
    end[nodes] = middle;
    start[nodes + 1] = middle;
    end[nodes + 1] = to;
    depth[nodes] = depth[nodes + 1] = depth[node]! + 1;
    nodes += 2;
  }
  return {
    feature: feature.slice(0, nodes),
    cut: cut.slice(0, nodes),
    left: left.slice(0, nodes),
    path: path.slice(0, nodes),
  };
}

/** A random column that is not constant on these rows, its range in `range`; -1 when all are constant. */
function pickColumn(
  columns: readonly Float64Array[],
  rows: Int32Array,
  from: number,
  to: number,
  random: Random,
  range: Range,
): number {
  const first = Math.floor(random() * columns.length);
  for (let tried = 0; tried < columns.length; tried++) {
    const column = (first + tried) % columns.length;
    if (spread(columns[column]!, rows, from, to, range)) return column;
  }
  return -1;
}

function spread(values: Float64Array, rows: Int32Array, from: number, to: number, range: Range): boolean {
  let low = values[rows[from]!]!;
  let high = low;
  for (let i = from + 1; i < to; i++) {
    const value = values[rows[i]!]!;
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  range.low = low;
  range.high = high;
  return high > low;
}

/** A cut above the lowest value and at most the highest, so that both sides get a row. */
function cutBetween({ low, high }: Range, random: Random): number {
  const cut = low + (high - low) * random();
  return cut > low ? cut : high;
}

/** Moves the rows below the cut to the front; the index of the first row at or above it. */
function partition(values: Float64Array, rows: Int32Array, from: number, to: number, cut: number): number {
  let front = from;
  let back = to - 1;
  while (front <= back) {
    const row = rows[front]!;
    if (values[row]! < cut) front++;
    else {
      rows[front] = rows[back]!;
      rows[back] = row;
      back--;
    }
  }
  return front;
}
