import type { Frame } from '../../functions/anomaly/frame';
import { seededRandom } from '../../functions/anomaly/random';

/** 5 minutes, in milliseconds: the clock of all example frames. */
export const STEP_MS = 300_000;

export const timesOf = (length: number) => Float64Array.from({ length }, (_, i) => 1_700_000_000_000 + i * STEP_MS);

export const frameOf = (metrics: Record<string, readonly number[]>): Frame => ({
  times: timesOf(Object.values(metrics)[0]?.length ?? 0),
  series: Object.entries(metrics).map(([metric, values]) => ({ metric, values: Float64Array.from(values) })),
});

/** A daily wave with noise, 288 points a day. */
export function dailyWave(length: number, seed: number, middle = 40, swing = 15): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, (_, i) => middle + swing * Math.sin((2 * Math.PI * i) / 288) + 3 * (random() - 0.5));
}
