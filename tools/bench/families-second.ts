import type { Random } from '../../functions/anomaly/random';
import { bell, type Family, isWithin, remembering, series, sincePlace, twoWeeks, wave } from './waves';

/** Bursts that come at random, some very large, and fade within minutes. */
function bursts(length: number, random: Random): Float64Array {
  let burst = 0;
  return series(length, () => {
    burst *= 0.8;
    if (random() < 0.01) burst += 6 / (1 - random()) ** 0.7;
    return burst;
  });
}

const posts = (i: number, random: Random) => (12 + 8 * wave(i, 288)) * Math.exp(0.5 * bell(random));

/** The dip of a rush hour in a day of ten-minute points. */
const dip = (i: number, middle: number, width: number) => Math.exp(-(((i - middle) / width) ** 2));

const isOfficeHour = (i: number) => i % 288 >= 108 && i % 288 < 216;
const officeOpensOn = (i: number) => Math.floor(i / 288) * 288 + 108;

/** The second set: rhythms, heavy tails, drifts and long memories. */
export const secondFamilies: readonly Family[] = [
  {
    name: 'posts',
    stepMinutes: 5,
    points: 15_000,
    anomalies: 4,
    make: (n, at, r) => {
      const ordinary = bursts(n, r);
      return series(n, (i) => {
        const since = sincePlace(i, at, 60);
        return Math.round(posts(i, r) + ordinary[i]! + (since >= 0 ? 400 * Math.exp(-since / 15) : 0));
      });
    },
  },
  {
    name: 'rush-hours',
    stepMinutes: 10,
    points: 2500,
    anomalies: 2,
    startOfTrouble: (i) => Math.floor(i / 144) * 144 + 72,
    make: (n, at, r) => {
      const noise = remembering(n, 0.8, r);
      return series(n, (i) => {
        const day = Math.floor(i / 144);
        const isWorkday = day % 7 < 5;
        const strength = 0.7 + 0.05 * ((day * 7919) % 10);
        const rush = isWorkday ? 12 * dip(i % 144, 51, 7) + 16 * dip(i % 144, 105, 9) : 0;
        return 66 - rush * strength - (isWithin(i, at, 14) ? 30 : 0) + 1.5 * noise[i]!;
      });
    },
  },
  {
    name: 'temperature',
    stepMinutes: 5,
    points: 12_000,
    anomalies: 2,
    make: (n, at, r) => {
      const walk = remembering(n, 0.998, r);
      return series(n, (i) => {
        const since = sincePlace(i, at, 200);
        const fall = since < 0 ? 0 : Math.min(1, since / 60, (200 - since) / 50);
        return 88 + 0.35 * walk[i]! + 0.6 * bell(r) - 35 * fall;
      });
    },
  },
  {
    name: 'office-hours-missing',
    ...twoWeeks,
    startOfTrouble: officeOpensOn,
    make: (n, at, r) => series(n, (i) => (isOfficeHour(i) && !isWithin(i, at, 108) ? 80 : 20) + 3 * bell(r)),
  },
  {
    name: 'office-hours-dip',
    ...twoWeeks,
    startOfTrouble: officeOpensOn,
    make: (n, at, r) => series(n, (i) => (isOfficeHour(i) ? (isWithin(i, at, 100) ? 50 : 80) : 20) + 3 * bell(r)),
  },
  {
    name: 'spike-density',
    ...twoWeeks,
    make: (n, at, r) =>
      series(n, (i) => 20 + bell(r) + (r() < (isWithin(i, at, 200) ? 0.2 : 0.01) ? 20 + 3 * bell(r) : 0)),
  },
  {
    name: 'click-price',
    stepMinutes: 60,
    points: 1600,
    anomalies: 3,
    make: (n, at, r) => {
      const walk = remembering(n, 0.95, r);
      return series(n, (i) => 0.6 * Math.exp(0.1 * walk[i]! + 0.15 * bell(r)) * (isWithin(i, at, 1) ? 5 : 1));
    },
  },
  {
    name: 'memory-saw',
    ...twoWeeks,
    make: (n, at, r) => {
      let used = 30;
      return series(n, (i) => {
        const leaks = isWithin(i, at, 200);
        used = Math.min(99, used + (leaks ? 0.32 : 0.08));
        if (used > 70 && !leaks && r() < 0.1) used = 30;
        return used + 0.4 * bell(r);
      });
    },
  },
  {
    name: 'latency-rises',
    ...twoWeeks,
    anomalies: 2,
    make: (n, at, r) =>
      series(n, (i) => {
        const since = sincePlace(i, at, 150);
        return 45 + 2.5 * bell(r) + (r() < 0.01 ? 6 * r() : 0) + (since < 0 ? 0 : Math.min(15, 0.15 * since));
      }),
  },
  {
    name: 'cpu-stuck',
    ...twoWeeks,
    make: (n, at, r) =>
      series(n, (i) => {
        const ordinary = 35 + 15 * wave(i, 288) + 8 * bell(r) + (r() < 0.004 ? 40 : 0);
        return isWithin(i, at, 120) ? 97 + 0.3 * bell(r) : Math.min(99, Math.max(1, ordinary));
      }),
  },
  {
    name: 'traffic-gone',
    ...twoWeeks,
    make: (n, at, r) => {
      const walk = remembering(n, 0.9, r);
      return series(n, (i) => (isWithin(i, at, 30) ? 100 * r() : 1e6 * Math.exp(0.15 * walk[i]! + 0.5 * wave(i, 288))));
    },
  },
  {
    name: 'nothing-posts',
    stepMinutes: 5,
    points: 15_000,
    anomalies: 0,
    make: (n, _, r) => {
      const ordinary = bursts(n, r);
      return series(n, (i) => Math.round(posts(i, r) + ordinary[i]!));
    },
  },
  {
    name: 'nothing-growth',
    ...twoWeeks,
    anomalies: 0,
    make: (n, _, r) => series(n, (i) => 20 + 0.01 * i + 3 * wave(i, 288) + 2 * bell(r)),
  },
  {
    name: 'nothing-week',
    stepMinutes: 30,
    points: 5000,
    anomalies: 0,
    make: (n, _, r) => {
      const walk = remembering(n, 0.9, r);
      return series(n, (i) => {
        const isWeekend = Math.floor(i / 48) % 7 >= 5;
        return 500 + (isWeekend ? 100 : 300) * wave(i - 12, 48) + 15 * walk[i]!;
      });
    },
  },
];
