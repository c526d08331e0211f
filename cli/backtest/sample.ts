import type { InstanceSeries, SeriesSource } from '../../drill/backtest/model';
import type { Band } from '../../drill/report/chart';
import { seededRandom } from '../../functions/anomaly/random';

const stepMs = 300_000;
const daySteps = 288;
const days = 14;
const start = Date.UTC(2026, 1, 2);

/**
 * A generated fleet, always the same, with labels: a daily rhythm, a nightly job with high load (an alarm
 * that needs no restart), short spikes, and on some instances a runaway process (an alarm that needs one).
 */
export function sampleFleet(count: number): { source: SeriesSource; labels: Map<string, Band[]> } {
  return {
    labels: new Map(Array.from({ length: count }, (_, i) => [nameOf(i), traitsOf(i).windows])),
    source: {
      what: `a generated fleet of ${count}`,
      count,
      async *read() {
        for (let i = 0; i < count; i += 1) yield sampleInstance(i);
      },
    },
  };
}

const nameOf = (i: number) => `i-${(0x10000000 + i * 0x01234567).toString(16).padStart(17, '0').slice(-17)}`;

/** What is special about an instance; the same generator then draws its noise. */
function traitsOf(i: number): { random: () => number; base: number; hasNightJob: boolean; windows: Band[] } {
  const random = seededRandom(i + 1);
  const base = 15 + random() * 25;
  const hasNightJob = random() < 0.4;
  const hasTrouble = random() < 0.5;
  const from = start + Math.floor((3 + random() * 10) * daySteps) * stepMs;
  return { random, base, hasNightJob, windows: hasTrouble ? [{ from, to: from + 24 * stepMs }] : [] };
}

function sampleInstance(i: number): InstanceSeries {
  const { random, base, hasNightJob, windows } = traitsOf(i);
  const points = days * daySteps;
  const times = Array.from({ length: points }, (_, at) => start + at * stepMs);
  const cpu = times.map((time, at) => {
    const noise = (random() - 0.5) * 6;
    const hasTrouble = windows.some(({ from, to }) => time >= from && time < to);
    if (hasTrouble) return 96 + random() * 3;
    const hour = (at % daySteps) / 12;
    if (hasNightJob && hour >= 2 && hour < 2.75) return 88 + random() * 6;
    if (random() < 0.001) return 90 + random() * 8;
    return Math.max(1, base + 10 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + noise);
  });
  return { name: nameOf(i), series: [{ metric: 'CPUUtilization', times, values: cpu }], remarks: [] };
}
