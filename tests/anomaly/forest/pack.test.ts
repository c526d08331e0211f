import { scoreRows, trainForest } from '../../../functions/anomaly/forest/forest';
import { packForest, unpackForest } from '../../../functions/anomaly/forest/pack';
import { seededRandom } from '../../../functions/anomaly/random';

const random = seededRandom(5);
const matrix = { rows: 200, columns: 3, data: Float64Array.from({ length: 600 }, random) };

test('a forest scores the same after JSON', () => {
  const forest = trainForest(matrix, { trees: 10, seed: 1 });
  const again = unpackForest(JSON.parse(JSON.stringify(packForest(forest))));
  expect([...scoreRows(again, matrix)]).toEqual([...scoreRows(forest, matrix)]);
  expect([...again.trainingScores]).toEqual([...forest.trainingScores]);
});

test('something else is refused', () => {
  expect(() => unpackForest({ version: 2, trees: [] })).toThrow();
});
