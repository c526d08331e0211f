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

/** Buffers reused from tree to tree: allocating them again would cost as much as growing a tree. */
export interface Nursery {
  tree: Tree;
  /** The stretch of rows of each node, and its depth. */
  start: Int32Array;
  end: Int32Array;
  depth: Uint8Array;
  /** The rows of every second level: a level writes where the one before it has read. */
  other: Int32Array;
  /** The lowest and highest value of the column looked at last. */
  range: { low: number; high: number };
}

/** Room for trees over this many rows. */
export function nurseryFor(rows: number): Nursery {
  const nodes = 2 * rows + 1;
  return {
    tree: {
      feature: new Int16Array(nodes),
      cut: new Float64Array(nodes),
      left: new Int32Array(nodes),
      path: new Float64Array(nodes),
    },
    start: new Int32Array(nodes),
    end: new Int32Array(nodes),
    depth: new Uint8Array(nodes),
    other: new Int32Array(rows),
    range: { low: 0, high: 0 },
  };
}

/**
 * Grows one tree over some rows, and adds to `paths` the path length of each of them.
 * Every node owns one stretch of the rows, which are overwritten; levels take turns between `rows` and the nursery.
 */
export function growTree(
  columns: readonly Float64Array[],
  rows: Int32Array,
  random: Random,
  paths: Float64Array,
  nursery: Nursery,
): Tree {
  const { tree, start, end, depth, range } = nursery;
  const { feature, cut, left, path } = tree;
  const heightLimit = Math.ceil(Math.log2(Math.max(rows.length, 2)));
  start[0] = 0;
  end[0] = rows.length;
  depth[0] = 0;
  let nodes = 1;
  for (let node = 0; node < nodes; node++) {
    const from = start[node]!;
    const to = end[node]!;
    const level = depth[node]!;
    const here = level % 2 === 0 ? rows : nursery.other;
    const below = level % 2 === 0 ? nursery.other : rows;
    const isLeaf = to - from < 2 || level >= heightLimit;
    const column = isLeaf ? -1 : pickColumn(columns, here, from, to, random, range);
    feature[node] = column;
    if (column < 0) {
      const length = level + unsuccessfulSearch(to - from);
      path[node] = length;
      for (let i = from; i < to; i++) paths[here[i]!]! += length;
      continue;
    }
    cut[node] = cutBetween(range.low, range.high, random);
    left[node] = nodes;
    start[nodes] = from;
    end[nodes + 1] = to;
    end[nodes] = start[nodes + 1] = partition(columns[column]!, here, below, from, to, cut[node]!);
    depth[nodes] = depth[nodes + 1] = level + 1;
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
  range: Nursery['range'],
): number {
  const first = Math.floor(random() * columns.length);
  for (let tried = 0; tried < columns.length; tried++) {
    const column = (first + tried) % columns.length;
    findRange(columns[column]!, rows, from, to, range);
    if (range.low < range.high) return column;
  }
  return -1;
}

function findRange(values: Float64Array, rows: Int32Array, from: number, to: number, range: Nursery['range']): void {
  let low = values[rows[from]!]!;
  let high = low;
  for (let i = from + 1; i < to; i++) {
    const one = values[rows[i]!]!;
    if (one < low) low = one;
    if (one > high) high = one;
  }
  range.low = low;
  range.high = high;
}

/** A cut above the lowest value and at most the highest, so that both sides get a row. */
function cutBetween(low: number, high: number, random: Random): number {
  const cut = low + (high - low) * random();
  return cut > low ? cut : high;
}

/** Moves the rows whose value is below `cut` to the front of `into`, the others to its end; the index of the first of the others. */
function partition(
  values: Float64Array,
  rows: Int32Array,
  into: Int32Array,
  from: number,
  to: number,
  cut: number,
): number {
  let front = from;
  let back = to - 1;
  for (let i = from; i < to; i++) {
    const row = rows[i]!;
    // Arithmetic in place of a branch: a processor cannot foresee a random cut.
    const isBelow = Number(values[row]! < cut);
    into[front] = row;
    into[back] = row;
    front += isBelow;
    back += isBelow - 1;
  }
  return front;
}
