import { preprocess, toRates } from '../../functions/anomaly/preprocess';

const MINUTE = 60_000;
const options = { stepMs: 5 * MINUTE };
const cpu = (points: [minute: number, value: number][]) => ({
  metric: 'CPUUtilization',
  times: points.map(([minute]) => minute * MINUTE),
  values: points.map(([, value]) => value),
});
const valuesOf = (frame: ReturnType<typeof preprocess>, index = 0) => [...frame.series[index]!.values];

describe('preprocess', () => {
  test('sorts points that came in any order', () => {
    expect(
      valuesOf(
        preprocess(
          [
            cpu([
              [10, 3],
              [0, 1],
              [5, 2],
            ]),
          ],
          options,
        ),
      ),
    ).toEqual([1, 2, 3]);
  });
  test('leaves a gap missing instead of inventing values', () => {
    expect(
      valuesOf(
        preprocess(
          [
            cpu([
              [0, 1],
              [15, 4],
            ]),
          ],
          options,
        ),
      ),
    ).toEqual([1, Number.NaN, Number.NaN, 4]);
  });
  test('keeps the last of two points at the same time', () => {
    expect(
      valuesOf(
        preprocess(
          [
            cpu([
              [0, 1],
              [0, 9],
              [5, 2],
            ]),
          ],
          options,
        ),
      ),
    ).toEqual([9, 2]);
  });
  test('treats NaN and infinity as missing', () => {
    const raw = cpu([
      [0, 1],
      [5, Number.NaN],
      [10, Number.POSITIVE_INFINITY],
      [15, 2],
    ]);
    expect(valuesOf(preprocess([raw], options))).toEqual([1, Number.NaN, Number.NaN, 2]);
  });
  test('takes the windows of earlier incidents out, both ends in', () => {
    const raw = cpu([
      [0, 1],
      [5, 99],
      [10, 98],
      [15, 2],
    ]);
    const frame = preprocess([raw], { ...options, leaveOut: [[5 * MINUTE, 10 * MINUTE]] });
    expect(valuesOf(frame)).toEqual([1, Number.NaN, Number.NaN, 2]);
  });
  test('puts metrics that start at different times on one clock', () => {
    const late = { ...cpu([[10, 7]]), metric: 'NetworkIn' };
    const frame = preprocess(
      [
        cpu([
          [0, 1],
          [5, 2],
        ]),
        late,
      ],
      options,
    );
    expect([...frame.times]).toEqual([0, 5, 10].map((minute) => minute * MINUTE));
    expect(valuesOf(frame, 1)).toEqual([Number.NaN, Number.NaN, 7]);
  });
  test('folds points inside a step into that step, and gives one point a clock of one', () => {
    const frame = preprocess(
      [
        cpu([
          [6, 1],
          [9, 3],
        ]),
      ],
      options,
    );
    expect([...frame.times]).toEqual([5 * MINUTE]);
    expect(valuesOf(frame)).toEqual([3]);
  });
  test('gives an empty frame when there is nothing at all', () => {
    const frame = preprocess([cpu([])], options);
    expect(frame.times).toHaveLength(0);
    expect(valuesOf(frame)).toEqual([]);
  });
});

describe('toRates', () => {
  const times = Float64Array.from([0, 10_000, 20_000, 30_000]);
  test('gives the growth a second, the first point without one', () => {
    expect([...toRates(times, Float64Array.from([0, 50, 150, 150]))]).toEqual([Number.NaN, 5, 10, 0]);
  });
  test('calls the step across a counter reset missing, not negative', () => {
    expect([...toRates(times, Float64Array.from([100, 200, 20, 40]))]).toEqual([Number.NaN, 10, Number.NaN, 2]);
  });
  test('has no rate for two readings of the same time', () => {
    expect([...toRates(Float64Array.of(0, 0, 10_000), Float64Array.of(1, 5, 25))]).toEqual([Number.NaN, Number.NaN, 2]);
  });
  test('spreads the growth over a gap', () => {
    expect([...toRates(times, Float64Array.from([0, Number.NaN, 100, 200]))]).toEqual([Number.NaN, Number.NaN, 5, 10]);
  });
});
