import { bell, type Family, isWithin, remembering, series, twoWeeks, wave } from './waves';

/** Whether a job runs at a point: every `every` points, for `points`, now and then a little late. */
const jobRuns = (i: number, every: number, points: number) => i % every < points;

/** The first set: one kind of normal and one kind of trouble each. */
export const firstFamilies: readonly Family[] = [
  {
    name: 'noise-with-spikes',
    ...twoWeeks,
    anomalies: 2,
    make: (n, at, r) => series(n, (i) => 40 + 4 * bell(r) + (isWithin(i, at, 3) ? 45 : 0)),
  },
  {
    name: 'quiet-with-jobs',
    ...twoWeeks,
    anomalies: 2,
    make: (n, at, r) =>
      series(
        n,
        (i) => 2 + 0.1 * bell(r) + (jobRuns(i, 288, 6) ? 30 + 3 * bell(r) : 0) + (isWithin(i, at, 12) ? 18 : 0),
      ),
  },
  {
    name: 'day-wave-higher',
    ...twoWeeks,
    make: (n, at, r) => series(n, (i) => 50 + (isWithin(i, at, 144) ? 40 : 25) * wave(i, 288) + 2 * bell(r)),
  },
  {
    name: 'day-wave-missing',
    ...twoWeeks,
    make: (n, at, r) => series(n, (i) => 50 + (isWithin(i, at, 200) ? 0 : 25) * wave(i, 288) + 2 * bell(r)),
  },
  {
    name: 'level-shift',
    ...twoWeeks,
    make: (n, at, r) => series(n, (i) => 30 + 2 * bell(r) + (i >= at[0]! ? 16 : 0)),
  },
  {
    name: 'flat-then-noise',
    ...twoWeeks,
    make: (n, at, r) => series(n, (i) => 20 + 0.4 * bell(r) + (isWithin(i, at, 150) ? 5 * bell(r) : 0)),
  },
  {
    name: 'noise-then-flat',
    ...twoWeeks,
    make: (n, at, r) => series(n, (i) => (isWithin(i, at, 250) ? 20 : 20 + 4 * bell(r))),
  },
  {
    name: 'bursty-counts',
    stepMinutes: 5,
    points: 10_000,
    anomalies: 3,
    make: (n, at, r) =>
      series(n, (i) => {
        const rate = 8 + 6 * wave(i, 288);
        return Math.round(
          (rate * Math.exp(0.8 * bell(r)) + (r() < 0.003 ? 60 * r() : 0)) * (isWithin(i, at, 10) ? 12 : 1),
        );
      }),
  },
  {
    name: 'wandering',
    stepMinutes: 60,
    points: 6000,
    anomalies: 2,
    make: (n, at, r) => {
      const walk = remembering(n, 0.995, r);
      return series(n, (i) => 70 + 0.6 * walk[i]! + 1.5 * wave(i, 24) - (isWithin(i, at, 24) ? 14 : 0));
    },
  },
  {
    name: 'dropouts',
    stepMinutes: 10,
    points: 2500,
    anomalies: 3,
    make: (n, at, r) =>
      series(n, (i) => (isWithin(i, at, 8) ? 3 * r() : 62 + 6 * bell(r) - (wave(i, 144) > 0.9 ? 18 : 0))),
  },
  {
    name: 'hourly-skewed',
    stepMinutes: 60,
    points: 1600,
    anomalies: 3,
    make: (n, at, r) =>
      series(n, (i) => 0.1 * Math.exp(0.35 * bell(r) + 0.2 * wave(i, 24) + (isWithin(i, at, 2) ? 2 : 0))),
  },
  {
    name: 'slow-drift',
    ...twoWeeks,
    make: (n, at, r) => series(n, (i) => 35 + 2 * bell(r) + (i >= at[0]! ? Math.min(30, (i - at[0]!) * 0.06) : 0)),
  },
  {
    name: 'jobs-too-often',
    ...twoWeeks,
    make: (n, at, r) =>
      series(n, (i) => 5 + 0.5 * bell(r) + (jobRuns(i, isWithin(i, at, 300) ? 12 : 48, 3) ? 40 + 2 * bell(r) : 0)),
  },
  {
    name: 'week-with-holiday',
    stepMinutes: 30,
    points: 8000,
    anomalies: 3,
    make: (n, at, r) =>
      series(n, (i) => {
        const isWeekend = Math.floor(i / 48) % 7 >= 5;
        const swing = isWithin(i, at, 48) ? 3000 : isWeekend ? 6000 : 8000;
        return 15_000 + swing * wave(i, 48) + 2500 * wave(i, 24) + 700 * bell(r);
      }),
  },
  {
    name: 'nothing-wave',
    ...twoWeeks,
    anomalies: 0,
    make: (n, _, r) => series(n, (i) => 50 + 20 * wave(i, 288) + 3 * bell(r)),
  },
  {
    name: 'nothing-memory',
    ...twoWeeks,
    anomalies: 0,
    make: (n, _, r) => {
      const values = remembering(n, 0.9, r);
      return series(n, (i) => 30 + 3 * values[i]!);
    },
  },
];
