import { quantile } from './quantile';
import type { Side } from './side';
import { DAY_MS } from './views';

/** On how many earlier days the metric was at least as far out as its recent extreme. */
export interface Usual {
  extreme: number;
  side: 'high' | 'low';
  days: number;
  of: number;
}

/** The highest of some numbers; minus infinity when there are none. */
export function highest(numbers: Float64Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < numbers.length; i++) best = Math.max(best, numbers[i]!);
  return best;
}

function lowest(numbers: Float64Array): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < numbers.length; i++) best = Math.min(best, numbers[i]!);
  return best;
}

/** Compares the recent extreme on the alarm's side with those of each earlier day. */
export function usualness(
  times: Float64Array,
  values: Float64Array,
  from: number,
  found: Pick<Usual, 'extreme' | 'side'>,
): Usual {
  const { extreme, side } = found;
  const usual = { extreme, side, days: 0, of: 0 };
  let day = Number.NaN;
  let isReached = false;
  for (let i = 0; i < from; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    const own = Math.ceil((times[from]! - times[i]!) / DAY_MS);
    if (own !== day) {
      usual.of++;
      isReached = false;
      day = own;
    }
    if (isReached || (side === 'high' ? value < extreme : value > extreme)) continue;
    usual.days++;
    isReached = true;
  }
  return usual;
}

/** The highest or the lowest recent value; for either side the one farther from the middle of the past. */
export function extremeOf(past: Float64Array, recent: Float64Array, side: Side): Pick<Usual, 'extreme' | 'side'> {
  const high = highest(recent);
  const low = lowest(recent);
  const middle = side === 'either' ? quantile(past, 0.5) : 0;
  const isHigh = side === 'high' || (side === 'either' && high - middle >= middle - low);
  return isHigh ? { extreme: high, side: 'high' } : { extreme: low, side: 'low' };
}
