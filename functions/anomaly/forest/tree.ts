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

/** The room a tree grows in, kept from tree to tree: making it anew would cost as much as growing. */
export interface Nursery {
  feature: Int16Array;
  cut: Float64Array;
  left: Int32Array;
  path: Float64Array;
  /** The stretch of rows of each node, its depth, and the range of its column there. */
  start: Int32Array;
  end: Int32Array;
  depth: Uint8Array;
  low: Float64Array;
  high: Float64Array;
}

/** Room for trees over this many rows. */
export function nurseryFor(rows: number): Nursery {
  const nodes = 2 * rows + 1;
  return {
    feature: new Int16Array(nodes),
    cut: new Float64Array(nodes),
    left: new Int32Array(nodes),
    path: new Float64Array(nodes),
    start: new Int32Array(nodes),
    end: new Int32Array(nodes),
    depth: new Uint8Array(nodes),
    low: new Float64Array(nodes),
    high: new Float64Array(nodes),
  };
}

/**
 * Grows one tree over some rows, and adds to `paths` the path length of each of them.
 * The rows are reordered in place: every node owns one stretch of them. A node's column is drawn before its rows are
 * moved there, so that one pass both moves the rows and finds the range of the next cut.
 */
export function growTree(
  columns: readonly Float64Array[],
  rows: Int32Array,
  random: Random,
  paths: Float64Array,
  nursery: Nursery,
): Tree {
  const { feature, cut, left, path, start, end, depth, low, high } = nursery;
  const heightLimit = Math.ceil(Math.log2(Math.max(rows.length, 2)));
  start[0] = 0;
  end[0] = rows.length;
  depth[0] = 0;
  feature[0] = Math.floor(random() * columns.length);
  findRange(columns[feature[0]!]!, rows, 0, nursery);
  let nodes = 1;
  for (let node = 0; node < nodes; node++) {
    const from = start[node]!;
    const to = end[node]!;
    if (
      to - from < 2 ||
      depth[node]! >= heightLimit ||
      !(low[node]! < high[node]! || redraw(columns, rows, node, nursery))
    ) {
      const length = depth[node]! + unsuccessfulSearch(to - from);
      feature[node] = -1;
      path[node] = length;
      for (let i = from; i < to; i++) paths[rows[i]!]! += length;
      continue;
    }
    cut[node] = cutBetween(low[node]!, high[node]!, random);
    left[node] = nodes;
    // One number draws both columns: it has 32 bits, and a column needs few of them.
    const pair = Math.floor(random() * columns.length * columns.length);
    feature[nodes] = pair % columns.length;
    feature[nodes + 1] = Math.floor(pair / columns.length);
    depth[nodes] = depth[nodes + 1] = depth[node]! + 1;
    partition(columns, rows, node, nursery);
    nodes += 2;
  }
  return {
    feature: feature.slice(0, nodes),
    cut: cut.slice(0, nodes),
    left: left.slice(0, nodes),
    path: path.slice(0, nodes),
  };
}

/** Looks for another column that is not constant on a node's rows; false when all are. */
function redraw(columns: readonly Float64Array[], rows: Int32Array, node: number, nursery: Nursery): boolean {
  const first = nursery.feature[node]!;
  for (let tried = 1; tried < columns.length; tried++) {
    const column = (first + tried) % columns.length;
    findRange(columns[column]!, rows, node, nursery);
    if (nursery.low[node]! < nursery.high[node]!) {
      nursery.feature[node] = column;
      return true;
    }
  }
  return false;
}

function findRange(values: Float64Array, rows: Int32Array, node: number, { start, end, low, high }: Nursery): void {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = start[node]!; i < end[node]!; i++) {
    const value = values[rows[i]!]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  low[node] = least;
  high[node] = most;
}

/** A cut above the lowest value and at most the highest, so that both sides get a row. */
function cutBetween(low: number, high: number, random: Random): number {
  const cut = low + (high - low) * random();
  return cut > low ? cut : high;
}

/** Moves the rows below the cut to the front, and gives each child its stretch and the range of its column there. */
function partition(columns: readonly Float64Array[], rows: Int32Array, node: number, nursery: Nursery): void {
  const { feature, cut, left, start, end, low, high } = nursery;
  const child = left[node]!;
  const values = columns[feature[node]!]!;
  const leftValues = columns[feature[child]!]!;
  const rightValues = columns[feature[child + 1]!]!;
  const threshold = cut[node]!;
  let front = start[node]!;
  let back = end[node]! - 1;
  let leftLow = Number.POSITIVE_INFINITY;
  let leftHigh = Number.NEGATIVE_INFINITY;
  let rightLow = Number.POSITIVE_INFINITY;
  let rightHigh = Number.NEGATIVE_INFINITY;
  while (front <= back) {
    const row = rows[front]!;
    if (values[row]! < threshold) {
      const value = leftValues[row]!;
      if (value < leftLow) leftLow = value;
      if (value > leftHigh) leftHigh = value;
      front++;
    } else {
      const value = rightValues[row]!;
      if (value < rightLow) rightLow = value;
      if (value > rightHigh) rightHigh = value;
      rows[front] = rows[back]!;
      rows[back] = row;
      back--;
    }
  }
  start[child] = start[node]!;
  end[child] = front;
  start[child + 1] = front;
  end[child + 1] = end[node]!;
  low[child] = leftLow;
  high[child] = leftHigh;
  low[child + 1] = rightLow;
  high[child + 1] = rightHigh;
}
