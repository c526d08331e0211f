import { type Random, seededRandom } from '../../functions/anomaly/random';
import { bell } from './waves';

/** A stretch in milliseconds since 1970, both ends in. */
interface Stretch {
  from: number;
  to: number;
}

/** The CPU of one generated instance, and when it was really in trouble. */
export interface FleetMember {
  name: string;
  times: number[];
  values: number[];
  troubles: Stretch[];
}

/** One kind of instance: what is normal for it, and what goes wrong with it. */
export interface FleetFamily {
  name: string;
  /** In one line, for the table. */
  about: string;
  make: (random: Random) => { cpu: (at: number) => number; troubles?: Stretch[] };
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const stepMs = 5 * minute;

/** Monday 2 March 2026, four weeks: Europe's clocks go forward on the 29th, and there are two month ends around. */
export const fleetStart = Date.UTC(2026, 2, 9);
const days = 28;
const clocksChange = Date.UTC(2026, 2, 29, 1);

const between = (random: Random, least: number, most: number) => least + (most - least) * random();
const hourOf = (at: number) => (at % day) / hour;
const weekday = (at: number) => (Math.floor(at / day) + 3) % 7;
const isWorkday = (at: number) => weekday(at) < 5;
const within = (at: number, some: readonly Stretch[]) => some.some(({ from, to }) => at >= from && at <= to);

/** Load that is low at night and high by day, with noise; it never gets near the threshold by itself. */
function ordinary(random: Random): (at: number) => number {
  const base = between(random, 12, 30);
  const swing = between(random, 4, 14);
  const peak = between(random, 10, 16);
  const noise = between(random, 1, 3);
  return (at) => base + swing * Math.cos(((hourOf(at) - peak) / 12) * Math.PI) + noise * bell(random);
}

const pinned = (random: Random) => between(random, 95.5, 100);
const working = (random: Random) => between(random, 84, 96);

/** A job that runs at the same time on the days that it runs. */
function job(random: Random, minutes: readonly [least: number, most: number], runsOn: (at: number) => boolean) {
  const starts = between(random, 0, 5);
  const lasts = between(random, ...minutes) / 60;
  return (at: number) => runsOn(at) && hourOf(at) >= starts && hourOf(at) < starts + lasts;
}

/** Short stretches at random times, on average so many a day. */
function bursts(random: Random, aDay: number, minutes: readonly [least: number, most: number]): Stretch[] {
  const count = Math.round(days * aDay);
  return Array.from({ length: count }, () => {
    const from = fleetStart + between(random, 0, days) * day;
    return { from, to: from + between(random, ...minutes) * minute };
  });
}

/** A trouble after the first two weeks, so that there is a past to compare with. */
function trouble(
  random: Random,
  hours: readonly [least: number, most: number],
  startsAt?: (dayStart: number) => number,
) {
  const dayStart = fleetStart + Math.floor(between(random, 14, 25)) * day;
  const from = startsAt ? startsAt(dayStart) : dayStart + between(random, 0, 24) * hour;
  return { from, to: from + between(random, ...hours) * hour };
}

/** Around the threshold in office hours: what is asked for changes within the hour, not from point to point. */
function busyHours(random: Random): (at: number) => number {
  const calm = ordinary(random);
  const opens = between(random, 7, 9);
  const closes = between(random, 15, 18);
  let asked = 0;
  return (at) => {
    asked = 0.9 * asked + bell(random);
    const isOpen = isWorkday(at) && hourOf(at) >= opens && hourOf(at) < closes;
    return isOpen ? 80 + 2.2 * asked + bell(random) : calm(at);
  };
}

/** Instances that need no restart: every one is a false restart. */
const healthy: readonly FleetFamily[] = [
  {
    name: 'nightly job',
    about: 'high for 30 to 60 minutes every night',
    make: (random) => {
      const calm = ordinary(random);
      const runs = job(random, [30, 60], () => true);
      return { cpu: (at) => (runs(at) ? working(random) : calm(at)) };
    },
  },
  {
    name: 'new job',
    about: 'such a job begins in the third week: the first days of a habit',
    make: (random) => {
      const calm = ordinary(random);
      const since = fleetStart + Math.floor(between(random, 14, 20)) * day;
      const runs = job(random, [30, 60], (at) => at >= since);
      return { cpu: (at) => (runs(at) ? working(random) : calm(at)) };
    },
  },
  {
    name: 'weekly backup',
    about: 'high for 30 to 90 minutes once a week',
    make: (random) => {
      const calm = ordinary(random);
      const on = Math.floor(between(random, 0, 7));
      const runs = job(random, [30, 90], (at) => weekday(at) === on);
      return { cpu: (at) => (runs(at) ? working(random) : calm(at)) };
    },
  },
  {
    name: 'short spikes',
    about: '15 to 40 minutes at the top, three times a week, at any time',
    make: (random) => {
      const calm = ordinary(random);
      const some = bursts(random, 3 / 7, [15, 40]);
      return { cpu: (at) => (within(at, some) ? pinned(random) : calm(at)) };
    },
  },
  {
    name: 'queue worker',
    about: 'works its queue off at the top several times a day, 10 to 90 minutes',
    make: (random) => {
      const calm = ordinary(random);
      const some = bursts(random, 5, [10, 90]);
      return { cpu: (at) => (within(at, some) ? pinned(random) : calm(at)) };
    },
  },
  {
    name: 'busy hours',
    about: 'around the threshold in office hours, idle at weekends',
    make: (random) => ({ cpu: busyHours(random) }),
  },
  {
    name: 'daylight saving',
    about: 'a nightly job and office hours by local time; the clocks go forward',
    make: (random) => {
      const busy = busyHours(random);
      const runs = job(random, [40, 60], () => true);
      const local = (at: number) => (at >= clocksChange ? at + hour : at);
      return { cpu: (at) => (runs(local(at)) ? working(random) : busy(local(at))) };
    },
  },
  {
    name: 'deployment',
    about: 'a release makes every request dearer: the daily peak crosses the threshold from then on',
    make: (random) => {
      const since = fleetStart + between(random, 14, 20) * day;
      const base = between(random, 35, 45);
      const peak = between(random, 10, 16);
      const dearer = between(random, 1.45, 1.6);
      const load = (at: number) => base + 15 * Math.cos(((hourOf(at) - peak) / 12) * Math.PI) + 2 * bell(random);
      return { cpu: (at) => load(at) * (at >= since ? dearer : 1) };
    },
  },
  {
    name: 'month end',
    about: 'the books are closed for 3 to 8 hours on the last working day of the month and the first of the next',
    make: (random) => {
      const calm = ordinary(random);
      const starts = between(random, 8, 14);
      const lasts = between(random, 3, 8);
      const closing = [Date.UTC(2026, 2, 31), Date.UTC(2026, 3, 1)];
      const some = closing.map((at) => ({ from: at + starts * hour, to: at + (starts + lasts) * hour }));
      return { cpu: (at) => (within(at, some) ? working(random) : calm(at)) };
    },
  },
  {
    name: 'always high',
    about: 'at or above the threshold for 97 % of its points, with dips',
    make: (random) => {
      const level = between(random, 88, 94);
      const dips = bursts(random, 0.5, [20, 120]);
      return { cpu: (at) => (within(at, dips) ? between(random, 40, 79) : level + 2 * bell(random)) };
    },
  },
];

/** Instances that are in trouble once: a restart within it is a true one. */
const ill: readonly FleetFamily[] = [
  {
    name: 'runaway',
    about: 'a process runs away for 3 to 10 hours',
    make: (random) => {
      const calm = ordinary(random);
      const troubles = [trouble(random, [3, 10])];
      return { cpu: (at) => (within(at, troubles) ? pinned(random) : calm(at)), troubles };
    },
  },
  {
    name: 'slow climb',
    about: 'a leak: CPU climbs for 6 to 18 hours, then stays at the top for 4',
    make: (random) => {
      const calm = ordinary(random);
      const one = trouble(random, [10, 22]);
      const top = one.to - 4 * hour;
      const climb = (at: number) => Math.min(1, (at - one.from) / (top - one.from));
      return {
        cpu: (at) => (within(at, [one]) ? calm(at) + (97 - calm(at)) * climb(at) + bell(random) / 2 : calm(at)),
        troubles: [one],
      };
    },
  },
  {
    name: 'job that hangs',
    about: 'a nightly job does not end one night and runs on for 4 to 9 hours',
    make: (random) => {
      const calm = ordinary(random);
      const starts = between(random, 0, 4);
      const runs = (at: number) => hourOf(at) >= starts && hourOf(at) < starts + 0.75;
      const troubles = [trouble(random, [4, 9], (dayStart) => dayStart + starts * hour)];
      return { cpu: (at) => (within(at, troubles) ? pinned(random) : runs(at) ? working(random) : calm(at)), troubles };
    },
  },
  {
    name: 'runaway after hours',
    about: 'around the threshold in office hours; a process runs away in the evening',
    make: (random) => {
      const busy = busyHours(random);
      const troubles = [trouble(random, [3, 8], (dayStart) => dayStart + between(random, 19, 23) * hour)];
      return { cpu: (at) => (within(at, troubles) ? pinned(random) : busy(at)), troubles };
    },
  },
  {
    name: 'hang in office hours',
    about: 'around the threshold in office hours; it hangs at the top at noon and stays there until night',
    make: (random) => {
      const busy = busyHours(random);
      const troubles = [trouble(random, [9, 12], (dayStart) => dayStart + between(random, 10, 13) * hour)];
      return { cpu: (at) => (within(at, troubles) ? pinned(random) : busy(at)), troubles };
    },
  },
  {
    name: 'bad release',
    about: 'a release takes all of the CPU until it is rolled back, 5 to 12 hours later',
    make: (random) => {
      const calm = ordinary(random);
      const troubles = [trouble(random, [5, 12], (dayStart) => dayStart + between(random, 9, 16) * hour)];
      return { cpu: (at) => (within(at, troubles) ? between(random, 90, 98) : calm(at)), troubles };
    },
  },
  {
    name: 'spikes and a runaway',
    about: 'short spikes all the time, and once a process that runs away',
    make: (random) => {
      const calm = ordinary(random);
      const some = bursts(random, 3 / 7, [15, 40]);
      const troubles = [trouble(random, [3, 10])];
      return { cpu: (at) => (within(at, troubles) || within(at, some) ? pinned(random) : calm(at)), troubles };
    },
  },
];

/** All kinds of instances. Drawn up as kinds, before any was scored; none is fitted to a file. */
export const fleetFamilies: readonly FleetFamily[] = [...healthy, ...ill];

/** The members of a family: one for each seed, four weeks of five-minute points. */
export function fleetOf(family: FleetFamily, seeds: readonly number[]): FleetMember[] {
  const index = fleetFamilies.indexOf(family);
  return seeds.map((seed) => {
    const random = seededRandom(7919 * seed + index);
    const { cpu, troubles = [] } = family.make(random);
    const times = Array.from({ length: (days * day) / stepMs }, (_, i) => fleetStart + i * stepMs);
    const values = times.map((at) => Math.min(100, Math.max(0.1, cpu(at))));
    return { name: `${family.name} ${seed}`, times, values, troubles };
  });
}
