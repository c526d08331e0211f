import { formatValue } from '../anomaly/metrics';
import type { Proposal } from './threshold';

const width = 640;
const height = 180;
const margin = 36;

/** Needless alarms and troubles seen over the threshold, as SVG. Colours come from the page's classes. */
export function trialsPlot({ trials, metric, proposed, troubles }: Proposal, toText: (text: string) => string): string {
  const low = trials[0]!.threshold;
  const high = trials.at(-1)!.threshold;
  const most = Math.max(1, troubles, ...trials.map(({ needless }) => needless));
  const x = (threshold: number) => margin + ((threshold - low) / (high - low || 1)) * (width - 2 * margin);
  const y = (count: number) => height - margin - (count / most) * (height - 2 * margin);
  const line = (of: (trial: Proposal['trials'][number]) => number) =>
    trials.map((trial) => `${x(trial.threshold).toFixed(1)},${y(of(trial)).toFixed(1)}`).join(' ');
  const at = x(proposed.threshold).toFixed(1);
  const label = (threshold: number) => toText(formatValue(threshold, metric));
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Needless alarms and troubles seen by threshold">
<line x1="${margin}" y1="${y(0)}" x2="${width - margin}" y2="${y(0)}"/><line x1="${at}" y1="${margin / 2}" x2="${at}" y2="${y(0)}" stroke-dasharray="4 3"/>
<polyline class="needless" points="${line(({ needless }) => needless)}"/><polyline class="seen" points="${line(({ troublesSeen }) => troublesSeen)}"/>
<text x="${margin}" y="${height - 10}">${label(low)}</text><text x="${width - margin}" y="${height - 10}" text-anchor="end">${label(high)}</text>
<text x="${at}" y="12" text-anchor="middle">proposed ${label(proposed.threshold)}</text><text x="4" y="${y(most) + 4}">${most}</text>
</svg><p class="soft">Red: needless alarms. Blue: troubles seen.</p>`;
}
