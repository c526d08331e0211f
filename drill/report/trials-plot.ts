import { formatValue } from '../../functions/anomaly/metrics';
import type { Tried } from '../../functions/review/threshold';
import { type Html, html } from './html';

const width = 640;
const height = 212;
const margin = { left: 44, right: 16, top: 40, bottom: 30 };

/** Needless alarms and detected problems by threshold, as shares of the current numbers, as SVG in the page's colours. */
export function trialsPlot({
  trials,
  metric,
  current,
  troubles,
  proposed,
}: Tried & { proposed?: Tried['current'] }): Html {
  const low = trials[0]!.threshold;
  const high = trials.at(-1)!.threshold;
  const most = Math.max(1, ...trials.map(({ needless }) => needless));
  const x = (threshold: number) =>
    margin.left + ((threshold - low) / (high - low || 1)) * (width - margin.left - margin.right);
  const y = (share: number) => height - margin.bottom - share * (height - margin.top - margin.bottom);
  const line = (colour: string, of: (trial: Tried['trials'][number]) => number) => {
    const points = trials.map((trial) => `${x(trial.threshold).toFixed(1)},${y(of(trial)).toFixed(1)}`).join(' ');
    return html`<polyline points="${points}" fill="none" stroke="var(--${colour})" stroke-width="2"/>`;
  };
  const label = (threshold: number) => formatValue(threshold, metric);
  // Each label has its own row: the two values may be close together.
  const mark = (threshold: number, word: string, row: number) => {
    const at = x(threshold).toFixed(1);
    const anchor = x(threshold) > width * 0.8 ? 'end' : x(threshold) < width * 0.2 ? 'start' : 'middle';
    return html`<line x1="${at}" y1="${row + 4}" x2="${at}" y2="${y(0)}" stroke="var(--muted)" stroke-dasharray="4 3"/><text x="${at}" y="${row}" fill="var(--ink)" text-anchor="${anchor}">${word} ${label(threshold)}</text>`;
  };
  const words = (at: number, down: number, text: string, anchor = 'start') =>
    html`<text x="${at}" y="${down}" fill="var(--muted)" text-anchor="${anchor}">${text}</text>`;
  const grid = [0, 0.5, 1].map(
    (share) =>
      html`<line x1="${margin.left}" y1="${y(share)}" x2="${width - margin.right}" y2="${y(share)}" stroke="var(--rule)"/>${words(margin.left - 6, y(share) + 4, `${share * 100} %`, 'end')}`,
  );
  return html`<svg class="chart trials" viewBox="0 0 ${width} ${height}" role="img" aria-label="Needless alarms and detected problems by threshold">
${grid}${mark(current.threshold, 'now', 30)}${proposed && mark(proposed.threshold, 'proposed', 14)}
${line('bad', ({ needless }) => needless / most)}${troubles > 0 && line('series', (one) => one.troublesSeen / troubles)}
${words(margin.left, height - 8, label(low))}${words(width - margin.right, height - 8, label(high), 'end')}
</svg><ul class="key"><li><i class="needless"></i>needless alarms, of at most ${most}</li>${troubles > 0 && html`<li><i class="seen"></i>detected problems, of ${troubles}</li>`}</ul>`;
}
