import { type Random, seededRandom } from '../../functions/anomaly/random';
import type { Labelled } from './nab-score';

/** A family of series: what is normal, and what goes wrong at the places given. */
interface Family {
  name: string;
  stepMinutes: number;
  points: number;
  anomalies: number;
  make: (length: number, at: readonly number[], random: Random) => Float64Array;
}

/** A number around 0 with spread 1, near enough to a bell curve. */
const bell = (random: Random) => (random() + random() + random() + random() - 2) * Math.sqrt(3);

const series = (length: number, value: (i: number) => number) => Float64Array.from({ length }, (_, i) => value(i));
const wave = (i: number, period: number) => Math.sin((2 * Math.PI * i) / period);
const isWithin = (i: number, at: readonly number[], points: number) =>
  at.some((start) => i >= start && i < start + points);

/** Values that remember the one before them by a share `memory`. */
function remembering(length: number, memory: number, random: Random): Float64Array {
  let last = 0;
  return series(length, () => {
    last = memory * last + bell(random);
    return last;
  });
}

/** Whether a job runs at a point: every `every` points, for `points`, now and then a little late. */
const jobRuns = (i: number, every: number, points: number) => i % every < points;

const families: readonly Family[] = [
  {
    name: 'noise-with-spikes',
    stepMinutes: 5,
    points: 4032,
    anomalies: 2,
    make: (n, at, r) => series(n, (i) => 40 + 4 * bell(r) + (isWithin(i, at, 3) ? 45 : 0)),
  },
  {
    name: 'quiet-with-jobs',
    stepMinutes: 5,
    points: 4032,
    anomalies: 2,
    make: (n, at, r) =>
      series(
        n,
        (i) => 2 + 0.1 * bell(r) + (jobRuns(i, 288, 6) ? 30 + 3 * bell(r) : 0) + (isWithin(i, at, 12) ? 18 : 0),
      ),
  },
  {
    name: 'day-wave-higher',
    stepMinutes: 5,
    points: 4032,
    anomalies: 1,
    make: (n, at, r) => series(n, (i) => 50 + (isWithin(i, at, 144) ? 40 : 25) * wave(i, 288) + 2 * bell(r)),
  },
  {
    name: 'day-wave-missing',
    stepMinutes: 5,
    points: 4032,
    anomalies: 1,
    make: (n, at, r) => series(n, (i) => 50 + (isWithin(i, at, 200) ? 0 : 25) * wave(i, 288) + 2 * bell(r)),
  },
  {
    name: 'level-shift',
    stepMinutes: 5,
    points: 4032,
    anomalies: 1,
    make: (n, at, r) => series(n, (i) => 30 + 2 * bell(r) + (i >= at[0]! ? 16 : 0)),
  },
  {
    name: 'flat-then-noise',
    stepMinutes: 5,
    points: 4032,
    anomalies: 1,
    make: (n, at, r) => series(n, (i) => 20 + 0.4 * bell(r) + (isWithin(i, at, 150) ? 5 * bell(r) : 0)),
  },
  {
    name: 'noise-then-flat',
    stepMinutes: 5,
    points: 4032,
    anomalies: 1,
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
    stepMinutes: 5,
    points: 4032,
    anomalies: 1,
    make: (n, at, r) => series(n, (i) => 35 + 2 * bell(r) + (i >= at[0]! ? Math.min(30, (i - at[0]!) * 0.06) : 0)),
  },
  {
    name: 'jobs-too-often',
    stepMinutes: 5,
    points: 4032,
    anomalies: 1,
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
    stepMinutes: 5,
    points: 4032,
    anomalies: 0,
    make: (n, _, r) => series(n, (i) => 50 + 20 * wave(i, 288) + 3 * bell(r)),
  },
  {
    name: 'nothing-memory',
    stepMinutes: 5,
    points: 4032,
    anomalies: 0,
    make: (n, _, r) => {
      const values = remembering(n, 0.9, r);
      return series(n, (i) => 30 + 3 * values[i]!);
    },
  },
];

/** Where things go wrong: after the probation, not too near to each other or to the end. */
function placesOf({ points, anomalies }: Family, random: Random): number[] {
  const from = Math.ceil(points * 0.3);
  const room = Math.floor((points * 0.6) / Math.max(1, anomalies));
  return Array.from({ length: anomalies }, (_, k) => from + k * room + Math.floor(random() * room * 0.5));
}

/**
 * Labelled series of every family. As in NAB, the windows of a series cover a tenth of it together,
 * each with the start of its anomaly in the middle.
 * @param seeds one series a family and seed
 */
export function generate(seeds: readonly number[]): Labelled[] {
  return seeds.flatMap((seed) =>
    families.map((family, index): Labelled => {
      const random = seededRandom(1000 * seed + index);
      const at = placesOf(family, random);
      const half = Math.floor((0.1 * family.points) / Math.max(1, family.anomalies) / 2);
      return {
        name: `${family.name}-${seed}`,
        times: series(family.points, (i) => Date.UTC(2026, 0, 5) + i * family.stepMinutes * 60_000),
        values: family.make(family.points, at, random),
        windows: at.map((start) => [start - half, Math.min(start + half, family.points - 1)] as const),
      };
    }),
  );
}
