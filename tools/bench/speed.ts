import { scoreWithPackage } from '../../functions/anomaly/detectors/ml-isolation-forest';
import { type Matrix, scoreRows, trainForest } from '../../functions/anomaly/forest/forest';
import type { Frame } from '../../functions/anomaly/frame';
import { judge } from '../../functions/anomaly/judge';
import { namesJudgedBy } from '../../functions/anomaly/metrics';
import { quantile } from '../../functions/anomaly/quantile';
import { seededRandom } from '../../functions/anomaly/random';
import { CONTAMINATION } from '../../functions/anomaly/threshold';
import { askSklearn, type SklearnAnswer } from './sklearn';

export interface SpeedRow {
  what: string;
  milliseconds: number;
}

const TREES = 100;
const COLUMNS = 8;
const ROWS = 4032;
const LAST_DAY = 288;
const REPEATS = 7;

function frameData(): Matrix {
  const random = seededRandom(1);
  const value = (_: unknown, i: number) =>
    Math.sin((2 * Math.PI * Math.floor(i / COLUMNS)) / 288) + random() + random();
  return { rows: ROWS, columns: COLUMNS, data: Float64Array.from({ length: ROWS * COLUMNS }, value) };
}

const rowsOf = ({ columns, data }: Matrix, from: number, to: number): Matrix => ({
  rows: to - from,
  columns,
  data: data.slice(from * columns, to * columns),
});

/** The median of several runs, after two that warm up. */
function median(run: () => void): number {
  const times = Array.from({ length: REPEATS + 2 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.slice(2).sort((a, b) => a - b)[REPEATS >> 1]!;
}

/** 14 days of 5-minute points of 8 metrics, 100 trees, all samples: every row does the same work as its neighbours. */
export function measureSpeed(): SpeedRow[] {
  const all = frameData();
  const train = rowsOf(all, 0, ROWS - LAST_DAY);
  const last = rowsOf(all, ROWS - LAST_DAY, ROWS);
  const ours = () => {
    const forest = trainForest(train, { trees: TREES, seed: 1 });
    return [scoreRows(forest, last), quantile(forest.trainingScores, 1 - CONTAMINATION)];
  };
  const job = { train, score: last, trees: TREES, seed: 1, repeats: REPEATS };
  const sklearn = askSklearn(job);
  const sklearnWithThreshold = askSklearn({ ...job, contamination: CONTAMINATION });
  return [
    { what: 'isolation-forest: train, threshold, score the last day', milliseconds: median(ours) },
    {
      what: 'ml-isolation-forest: train, threshold, score the last day',
      milliseconds: median(() => packageWithThreshold(train, all)),
    },
    ...rowOf('train, threshold, score the last day', sklearnWithThreshold),
    {
      what: 'ml-isolation-forest: train, score the last day',
      milliseconds: median(() => scoreWithPackage(train, last, TREES)),
    },
    ...rowOf('train, score the last day', sklearn),
    {
      what: 'whole judgement of an alarm',
      milliseconds: median(() => judge(wholeFrame(all), noChecks, ['CPUUtilization'], Date.UTC(2026, 0, 14))),
    },
  ];
}

/** The training rows and the last day are scored in one go; the threshold comes from the training rows. */
const packageWithThreshold = (train: Matrix, all: Matrix) =>
  quantile(scoreWithPackage(train, all, TREES).slice(0, train.rows), 1 - CONTAMINATION);

const rowOf = (what: string, answer: SklearnAnswer | undefined): SpeedRow[] =>
  answer ? [{ what: `scikit-learn ${answer.version}: ${what}`, milliseconds: answer.milliseconds }] : [];

const noChecks: Frame = { times: new Float64Array(0), series: [] };

function wholeFrame({ data, columns, rows }: Matrix): Frame {
  const times = Float64Array.from({ length: rows }, (_, i) => Date.UTC(2026, 0, 1) + i * 300_000);
  const series = namesJudgedBy('score')
    .slice(0, columns)
    .map((metric, column) => ({
      metric,
      values: Float64Array.from({ length: rows }, (_, row) => 10 + data[row * columns + column]!),
    }));
  return { times, series };
}
