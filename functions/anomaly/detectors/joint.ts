import type { Frame } from '../frame';
import { formatValue } from '../metrics';
import { quantile } from '../quantile';
import type { Evidence } from './detector';

/**
 * The evidence for a joint score: the metrics' values side by side, each with the share of earlier points below it,
 * the most extreme metric first. That they are odd together is what the forest found.
 */
export function explainJoint(frame: Frame, at: number): Evidence | undefined {
  const known = frame.series.filter(({ values }) => Number.isFinite(values[at]));
  const ranked = known.map(({ metric, values }) => {
    const past = values.slice(0, at).filter(Number.isFinite);
    const value = values[at]!;
    const below = past.reduce((count, one) => count + (one < value ? 1 : one === value ? 0.5 : 0), 0);
    return { metric, value, share: past.length ? below / past.length : 0.5, median: quantile(past, 0.5) };
  });
  ranked.sort((a, b) => Math.abs(b.share - 0.5) - Math.abs(a.share - 0.5));
  const [top] = ranked;
  if (!top) return undefined;
  const shown = ranked
    .slice(0, 3)
    .map(
      ({ metric, value, share }) =>
        `${metric} ${formatValue(value, metric)} (${Math.round(100 * share)} % of points are lower)`,
    );
  const nearestNormal = Number.isFinite(top.median) ? top.median : null;
  const sentence = known.length > 1 ? `together these are rare: ${shown.join(', ')}` : `this is rare: ${shown[0]}`;
  return { metric: top.metric, view: 'joint', value: top.value, nearestNormal, sentence };
}
