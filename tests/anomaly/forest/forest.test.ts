import { scoreRows, trainForest } from '../../../functions/anomaly/forest/forest';
import { seededRandom } from '../../../functions/anomaly/random';

const options = { trees: 50, seed: 7 };

function cloud(rows: number, columns: number, seed = 3) {
  const random = seededRandom(seed);
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => random() + random() + random()) };
}

describe('the isolation forest', () => {
  test('scores a row far from all others highest', () => {
    const matrix = cloud(500, 3);
    matrix.data.set([9, -9, 9], 30);
    const scores = scoreRows(trainForest(matrix, options), matrix);
    expect(scores.indexOf(Math.max(...scores))).toBe(10);
  });
  test('gives the same scores for the same seed and others for another', () => {
    const matrix = cloud(300, 2);
    const scores = (seed: number) => [...scoreRows(trainForest(matrix, { trees: 20, seed }), matrix)];
    expect(scores(1)).toEqual(scores(1));
    expect(scores(1)).not.toEqual(scores(2));
  });
  test('knows its training scores from growing, equal to those of scoring afterwards', () => {
    const matrix = cloud(400, 4);
    const forest = trainForest(matrix, options);
    const again = scoreRows(forest, matrix);
    for (const [row, score] of forest.trainingScores.entries()) expect(score).toBeCloseTo(again[row]!, 12);
  });
  test('scores all rows alike when every column is constant', () => {
    const matrix = { rows: 20, columns: 2, data: new Float64Array(40).fill(5) };
    const scores = new Set(scoreRows(trainForest(matrix, options), matrix));
    expect(scores.size).toBe(1);
  });
  test('does not change when columns are scaled and shifted', () => {
    const matrix = cloud(300, 2);
    const moved = { ...matrix, data: matrix.data.map((value, i) => (i % 2 ? value * 1024 : value * 4)) };
    const scores = (one: typeof matrix) => [...scoreRows(trainForest(one, options), one)];
    expect(scores(moved)).toEqual(scores(matrix));
  });
  test('refuses to learn from a single row', () => {
    expect(() => trainForest(cloud(1, 2), options)).toThrow(RangeError);
  });
});
