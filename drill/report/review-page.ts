import { formatValue } from '../../functions/anomaly/metrics';
import { readable, type Spread } from '../../functions/review/figures';
import type { Review } from '../../functions/review/review';
import { commandFor } from '../../functions/review/take-over';
import type { Proposal, Tried } from '../../functions/review/threshold';
import { trialsPlot } from './trials-plot';

/** Text made safe for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (mark) => marks[mark]!);
}

const style = `:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#d0d7de;--soft:#57606a;--accent:#0b5cad;--bad:#b42318}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--line:#30363d;--soft:#9198a1;--accent:#6cb6ff;--bad:#ff8b7e}}
body{margin:0 auto;max-width:60rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}th{overflow-wrap:normal;vertical-align:bottom}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.75rem}.card{border:1px solid var(--line);border-radius:.5rem;padding:.75rem}
.card b{display:block;font-size:1.5rem}.soft{color:var(--soft)}svg{width:100%;height:auto}.needless{stroke:var(--bad);color:var(--bad)}.seen{stroke:var(--accent);color:var(--accent)}.key span{margin:0 .25rem 0 .75rem}
pre{padding:.75rem;border:1px solid var(--line);border-radius:.5rem;overflow-x:auto;font-size:.85rem}details{margin-bottom:1rem}summary{cursor:pointer}
svg polyline{fill:none;stroke-width:2}svg text{fill:var(--ink);font-size:12px}svg line{stroke:var(--line)}svg line[stroke-dasharray]{stroke:var(--soft)}@media print{body{max-width:none}}`;

/** The review as one page: no network, no script, everything escaped. Pure. */
export function toPage(review: Review): string {
  const title = escapeHtml(`Review of ${review.stage}, ${review.from.slice(0, 10)} to ${review.until.slice(0, 10)}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${style}</style></head><body><main>
<h1>${title}</h1>
<p class="soft">What the incidents of this window say. Nothing here is applied by itself.</p>
${cards(review)}
${section('Outcomes', ['Outcome', 'Incidents'], outcomesOf(review))}
${section('Repeat offenders', ['Instance', 'Incidents', 'Acted on', 'Did not help', 'On'], offendersOf(review))}
${section('Noisy alarms', ['Alarm', 'Incidents', 'Needed nothing'], noiseOf(review))}
${section('Vetoes that were wrong', ['Instance', 'Vetoed at', 'In trouble at', 'Incident'], vetoesOf(review))}
<h2>Proposed thresholds</h2>
${review.proposals.map((one) => proposalHtml(one, review.stage)).join('\n') || `<p class="soft">${nothingProposed(review)}</p>`}
${othersHtml(review)}
</main></body></html>
`;
}

const percent = (share: number | null) => (share === null ? '–' : `${Math.round(share * 100)} %`);

function cards({ figures, suspicions }: Review): string {
  const spread = ({ median, p95 }: Spread) => [readable(median), `p95 ${readable(p95)}`] as const;
  const all: [string, string, string][] = [
    ['Incidents', String(figures.incidents), `${figures.acted} acted on, ${suspicions} suspicions`],
    ['Time to detect', ...spread(figures.timeToDetect)],
    ['Time to act', ...spread(figures.timeToAct)],
    ['Time to recover', ...spread(figures.timeToRecover)],
    ['Ineffective', percent(figures.ineffectiveRate), 'of those acted on'],
    ['Worse', percent(figures.worseRate), 'of those acted on'],
  ];
  const card = ([name, value, note]: [string, string, string]) =>
    `<div class="card">${escapeHtml(name)}<b>${escapeHtml(value)}</b><span class="soft">${escapeHtml(note)}</span></div>`;
  return `<div class="cards">${all.map(card).join('')}</div>`;
}

function section(title: string, heads: readonly string[], rows: readonly (string | number)[][]): string {
  return `<h2>${escapeHtml(title)}</h2>${rows.length > 0 ? table(heads, rows) : '<p class="soft">None.</p>'}`;
}

function table(heads: readonly string[], rows: readonly (string | number)[][]): string {
  const cells = (row: readonly (string | number)[]) =>
    row.map((cell) => `<td>${escapeHtml(String(cell))}</td>`).join('');
  const head = heads.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody></table>`;
}

const outcomesOf = ({ figures }: Review) => Object.entries(figures.byOutcome);
const offendersOf = ({ repeatOffenders }: Review) =>
  repeatOffenders.map((one) => [one.instanceId, one.incidentIds.length, one.acted, one.notHelped, one.days.join(', ')]);
const noiseOf = (review: Review) => review.noisyAlarms.map((one) => [one.alarmName, one.incidents, one.needless]);
const vetoesOf = (review: Review) =>
  review.wrongVetoes.map((one) => [one.instanceId, one.vetoedAt, one.followedAt, one.followedBy]);

function nothingProposed({ noisyAlarms, tried }: Review): string {
  if (noisyAlarms.length === 0) return 'None: no alarm was noisy.';
  return tried.length === 0
    ? 'None: what the noisy alarms saw could not be read.'
    : 'None: no other value would have spared the noise and seen all troubles.';
}

function proposalHtml(proposal: Proposal, stage: string): string {
  const { alarmName, metric, current, proposed, troubles } = proposal;
  const value = (threshold: number) => formatValue(threshold, metric);
  const late = proposed.latestMinutes ? ` The latest is seen ${proposed.latestMinutes} minutes later than now.` : '';
  const say = `${metric}: ${value(current.threshold)} now, ${value(proposed.threshold)} proposed. Needless alarms ${current.needless} → ${proposed.needless}; troubles seen ${proposed.troublesSeen} of ${troubles}.${late}`;
  const command = commandFor(proposal, stage);
  const how = command ? `<p>To take it over, its owner tags the instance:</p><pre>${escapeHtml(command)}</pre>` : '';
  return `<h3>${escapeHtml(alarmName)}</h3><p>${escapeHtml(say)}</p>${trialsPlot(proposal, escapeHtml)}${how}
${trialsHtml(proposal)}`;
}

/** The other alarms of the window: nothing to propose, but what there is to see if somebody asks. */
function othersHtml({ tried, proposals }: Review): string {
  const others = tried.filter(({ alarmName }) => !proposals.some((one) => one.alarmName === alarmName));
  if (others.length === 0) return '';
  const one = (alarm: Tried) =>
    `<details><summary>${escapeHtml(alarm.alarmName)}: stays at ${escapeHtml(formatValue(alarm.current.threshold, alarm.metric))}</summary>${trialsPlot(alarm, escapeHtml)}${trialsTable(alarm)}</details>`;
  return `<h2>Other alarms at other thresholds</h2>${others.map(one).join('\n')}`;
}

const trialsHtml = (tried: Tried) =>
  `<details><summary>Every value that was tried</summary>${trialsTable(tried)}</details>`;

function trialsTable({ metric, troubles, trials }: Tried): string {
  const heads = ['Threshold', 'Alarms', 'Needless', 'Troubles seen', 'Latest seen, minutes from now'];
  const later = (minutes: number | null) => (minutes === null ? '–' : minutes > 0 ? `+${minutes}` : String(minutes));
  const rows = trials.map((one) => [
    formatValue(one.threshold, metric),
    one.alarms,
    one.needless,
    `${one.troublesSeen} of ${troubles}`,
    later(one.latestMinutes),
  ]);
  return table(heads, rows);
}
