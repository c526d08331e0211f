import { UnmodelledInputError } from '../errors';

/** Folds the samples of one period into a statistic, as CloudWatch names them (`Average`, `p90`). Null without samples. */
export function statistic(name: string, samples: readonly number[]): number | null {
  if (samples.length === 0) return null;
  if (name === 'Average') return sumOf(samples) / samples.length;
  if (name === 'Sum') return sumOf(samples);
  if (name === 'Minimum') return Math.min(...samples);
  if (name === 'Maximum') return Math.max(...samples);
  if (name === 'SampleCount') return samples.length;
  const percentile = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name);
  if (percentile) return quantile(samples, Number(percentile[1]) / 100);
  throw new UnmodelledInputError(`The simulated CloudWatch does not model the statistic '${name}'.`);
}

function sumOf(samples: readonly number[]): number {
  let sum = 0;
  for (const sample of samples) sum += sample;
  return sum;
}

function quantile(samples: readonly number[], fraction: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const position = fraction * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
