import { type Random, seededRandom } from '../random';
import { growTree, nurseryFor, type Tree, unsuccessfulSearch } from './tree';

/** Rows of features in one block, row after row. Every value is finite. */
export interface Matrix {
  rows: number;
  columns: number;
  data: Float64Array;
}

export interface ForestOptions {
  trees: number;
  seed: number;
  /** Rows each tree sees; all of them when left out, which detects more on metric streams (docs/anomaly.md). */
  sampleSize?: number;
}

/** A trained isolation forest. Plain data: it survives `structuredClone`. */
export interface Forest {
  columns: number;
  sampleSize: number;
  trees: Tree[];
  /** Score of each training row, known from the growing of the trees; only with the full window. */
  trainingScores: Float64Array;
}

/** A score from the mean path length, in (0, 1]; 0.5 is a typical row. Source: Liu, Ting and Zhou, "Isolation Forest", 2008. */
const toScore = (meanPath: number, sampleSize: number) =>
  2 ** (-meanPath / Math.max(unsuccessfulSearch(sampleSize), 1e-9));

/**
 * Trains an isolation forest: axis-parallel random cuts, height limit log2 of the sample, as in the original article.
 * @throws RangeError when there are fewer than two rows
 */
export function trainForest(matrix: Matrix, options: ForestOptions): Forest {
  if (matrix.rows < 2) throw new RangeError('an isolation forest needs at least two rows');
  const random = seededRandom(options.seed);
  const sampleSize = Math.min(options.sampleSize ?? matrix.rows, matrix.rows);
  const columns = toColumns(matrix);
  const paths = new Float64Array(matrix.rows);
  const nursery = nurseryFor(sampleSize);
  const trees: Tree[] = [];
  for (let t = 0; t < options.trees; t++) {
    trees.push(growTree(columns, pickRows(matrix.rows, sampleSize, random), random, paths, nursery));
  }
  const forest: Forest = { columns: matrix.columns, sampleSize, trees, trainingScores: new Float64Array(0) };
  const trainingScores =
    sampleSize === matrix.rows
      ? paths.map((sum) => toScore(sum / options.trees, sampleSize))
      : scoreRows(forest, matrix);
  return { ...forest, trainingScores };
}

/** Scores rows against a trained forest: higher is odder. */
export function scoreRows(forest: Forest, matrix: Matrix): Float64Array {
  const scores = new Float64Array(matrix.rows);
  const { data, columns } = matrix;
  for (const { feature, cut, left, path } of forest.trees) {
    for (let row = 0; row < matrix.rows; row++) {
      const base = row * columns;
      let node = 0;
      let column = feature[0]!;
      while (column >= 0) {
        node = data[base + column]! < cut[node]! ? left[node]! : left[node]! + 1;
        column = feature[node]!;
      }
      scores[row]! += path[node]!;
    }
  }
  for (let row = 0; row < matrix.rows; row++)
    scores[row] = toScore(scores[row]! / forest.trees.length, forest.sampleSize);
  return scores;
}

function toColumns(matrix: Matrix): Float64Array[] {
  return Array.from({ length: matrix.columns }, (_, column) => {
    const values = new Float64Array(matrix.rows);
    for (let row = 0; row < matrix.rows; row++) values[row] = matrix.data[row * matrix.columns + column]!;
    return values;
  });
}

/** Rows without repeats, by the first steps of a Fisher-Yates shuffle. */
function pickRows(rows: number, wanted: number, random: Random): Int32Array {
  const all = new Int32Array(rows);
  for (let row = 0; row < rows; row++) all[row] = row;
  if (wanted === rows) return all;
  for (let i = 0; i < wanted; i++) {
    const j = i + Math.floor(random() * (rows - i));
    const kept = all[i]!;
    all[i] = all[j]!;
    all[j] = kept;
  }
  return all.slice(0, wanted);
}
