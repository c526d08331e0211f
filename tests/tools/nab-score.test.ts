import { bestOf, judgePoints, type Labelled, nabCurve, probation, scoreAt } from '../../tools/bench/nab-score';

const series: Labelled = {
  name: 'cpu',
  times: Float64Array.from({ length: 100 }, (_, i) => i),
  values: new Float64Array(100),
  windows: [[50, 59]],
};
const scoresWith = (detected: readonly number[]) =>
  Float64Array.from({ length: 100 }, (_, i) => (detected.includes(i) ? 1 : 0));
const scoreOf = (detected: readonly number[]) => scoreAt(nabCurve(judgePoints(series, scoresWith(detected)), 1), 1);

describe('the NAB score', () => {
  test('is 0 when nothing is detected', () => {
    expect(scoreOf([])).toBe(0);
  });
  test('is 100 for one detection at the very start of the window', () => {
    expect(scoreOf([50])).toBeCloseTo(100, 10);
  });
  test('falls with a later detection and counts only the earliest', () => {
    expect(scoreOf([58])).toBeLessThan(scoreOf([52]));
    expect(scoreOf([52, 58])).toBe(scoreOf([52]));
  });
  test('pays 0.11 for a false point before the window: 5.5 points with one window', () => {
    expect(scoreOf([50, 20])).toBeCloseTo(94.5, 10);
  });
  test('does not count the probation at the start', () => {
    expect(probation(100)).toBe(15);
    expect(scoreOf([50, 14])).toBeCloseTo(100, 10);
  });
  test('finds the threshold that is best', () => {
    const scores = new Float64Array(100).fill(0.1);
    scores[50] = 0.8;
    scores[20] = 0.3;
    expect(bestOf(nabCurve(judgePoints(series, scores), 1)).threshold).toBe(0.8);
  });
});
