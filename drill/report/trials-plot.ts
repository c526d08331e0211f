import { formatValue } from '../../functions/anomaly/metrics';
import type { Tried } from '../../functions/review/threshold';

const width = 640;
const height = 212;
const margin = { left: 44, right: 16, top: 40, bottom: 30 };

/**
 * Needless alarms and troubles seen over the threshold, each as a share of what there is now, as SVG. Colours come from
 * the page's classes.
 */
export function trialsPlot(
  { trials, metric, current, troubles, proposed }: Tried & { proposed?: Tried['current'] },
  toText: (text: string) => string,
): string {
  const low = trials[0]!.threshold;
  const high = trials.at(-1)!.threshold;
  const most = Math.max(1, ...trials.map(({ needless }) => needless));
  const x = (threshold: number) =>
    margin.left + ((threshold - low) / (high - low || 1)) * (width - margin.left - margin.right);
  const y = (share: number) => height - margin.bottom - share * (height - margin.top - margin.bottom);
  const line = (of: (trial: Tried['trials'][number]) => number) =>
    trials.map((trial) => `${x(trial.threshold).toFixed(1)},${y(of(trial)).toFixed(1)}`).join(' ');
  const label = (threshold: number) => toText(formatValue(threshold, metric));
  // Each word has a row of its own: the two values may stand close together.
  const mark = (threshold: number, word: string, row: number) => {
    const at = x(threshold).toFixed(1);
    const anchor = x(threshold) > width * 0.8 ? 'end' : x(threshold) < width * 0.2 ? 'start' : 'middle';
    return `<line x1="${at}" y1="${row + 4}" x2="${at}" y2="${y(0)}" stroke-dasharray="4 3"/><text x="${at}" y="${row}" text-anchor="${anchor}">${word} ${label(threshold)}</text>`;
  };
  const grid = [0, 0.5, 1].map(
    (share) =>
      `<line x1="${margin.left}" y1="${y(share)}" x2="${width - margin.right}" y2="${y(share)}"/><text x="${margin.left - 6}" y="${y(share) + 4}" text-anchor="end">${share * 100} %</text>`,
  );
  const seen = troubles > 0 ? `<polyline class="seen" points="${line((one) => one.troublesSeen / troubles)}"/>` : '';
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Needless alarms and troubles seen by threshold">
${grid.join('')}${mark(current.threshold, 'now', 30)}${proposed ? mark(proposed.threshold, 'proposed', 14) : ''}
<polyline class="needless" points="${line(({ needless }) => needless / most)}"/>${seen}
<text x="${margin.left}" y="${height - 8}">${label(low)}</text><text x="${width - margin.right}" y="${height - 8}" text-anchor="end">${label(high)}</text>
</svg><p class="soft key"><span class="needless">━</span> needless alarms, of at most ${most}${troubles > 0 ? ` <span class="seen">━</span> troubles seen, of ${troubles}` : ''}</p>`;
}
