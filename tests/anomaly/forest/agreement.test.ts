import { trainForest } from '../../../functions/anomaly/forest/forest';
import { averagePrecision, jointSet, rankCorrelation } from '../../../tools/bench/joint-set';
import sklearn from './sklearn-scores.json';

const { matrix, isOdd } = jointSet(1);
const reference = Float64Array.from(sklearn.scores);

test('the forest ranks the rows of a fixed data set as scikit-learn does', () => {
  const ours = trainForest(matrix, { trees: 300, seed: 1 }).trainingScores;
  expect(rankCorrelation(ours, reference)).toBeGreaterThanOrEqual(0.95);
});

test('the forest finds joint oddities at least as well as scikit-learn, on the mean of five seeds', () => {
  const found = [1, 2, 3, 4, 5].map((seed) =>
    averagePrecision(trainForest(matrix, { trees: 300, seed }).trainingScores, isOdd),
  );
  const mean = found.reduce((sum, one) => sum + one, 0) / found.length;
  expect(mean).toBeGreaterThanOrEqual(averagePrecision(reference, isOdd) - 0.02);
});

test('rank correlation is 1 for the same order, -1 for the reverse, and shares ranks between equals', () => {
  const a = Float64Array.from([1, 2, 3, 4]);
  expect(
    rankCorrelation(
      a,
      a.map((x) => x ** 3),
    ),
  ).toBe(1);
  expect(
    rankCorrelation(
      a,
      a.map((x) => -x),
    ),
  ).toBe(-1);
  expect(rankCorrelation(a, Float64Array.from([1, 1, 2, 2]))).toBeCloseTo(0.894, 3);
});
