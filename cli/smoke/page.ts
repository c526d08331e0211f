import { type Html, html } from '../../drill/report/html';
import { page } from '../../drill/report/page';
import { dataTable } from '../../drill/report/table';
import { moment } from '../../drill/report/words';
import { type Line, totalsOf, type Verdict } from '../doctor/line';

/** How a smoke run calls its verdicts. */
export const smokeWords: Partial<Record<Verdict, string>> = { warn: 'look', fail: 'failed' };

const tones: Record<Verdict, string> = { ok: 'good', warn: 'warn', fail: 'bad', 'not asked': 'info' };

/** A smoke run as it is printed and written. */
export interface SmokeReport {
  stage: string;
  instanceId: string;
  runId: string;
  /** ISO 8601. */
  startedAt: string;
  endedAt: string;
  isInterrupted: boolean;
  lines: Line[];
}

/** The run as one page: no requests, no script, everything escaped. Pure. */
export function smokePage(report: SmokeReport): string {
  const { stage, instanceId, runId, startedAt, endedAt, lines, isInterrupted } = report;
  const failed = lines.filter(({ verdict }) => verdict === 'fail');
  const unknown = lines.filter(({ verdict }) => verdict === 'not asked');
  const tone = failed.length > 0 ? 'bad' : unknown.length > 0 || isInterrupted ? 'warn' : 'good';
  const verdict = isInterrupted ? `Stopped early: ${totalsOf(lines)}` : totalsOf(lines);
  const title = `Smoke test of stage ${stage}`;
  const facts = [
    ['Instance', instanceId],
    ['Run', runId],
    ['From', moment(Date.parse(startedAt))],
    ['Until', moment(Date.parse(endedAt))],
  ];
  const body = html`<header><h1>${title}</h1>
<div class="verdict ${tone}"><p class="story"><strong>${verdict}</strong></p></div>
<dl class="facts">${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl></header>
<main>
${todo('What to do', [...failed, ...unknown])}
<section class="card"><h2>Every check</h2>${dataTable('Every check', ['Result', 'Check', ['What was found', 'wide']], lines.map(row))}</section>
</main>`;
  return page(title, body, 'still');
}

const badge = (verdict: Verdict): Html =>
  html`<span class="badge ${tones[verdict]}">${smokeWords[verdict] ?? verdict}</span>`;

const row = ({ verdict, what, said }: Line) => [badge(verdict), what, said];

function todo(title: string, lines: readonly Line[]): Html | undefined {
  if (lines.length === 0) return undefined;
  return html`<section class="card"><h2>${title}</h2><ul>${lines.map(
    ({ verdict, what, said, todo: advice }) =>
      html`<li>${badge(verdict)} <strong>${what}</strong>: ${said}${advice !== undefined && html`<br>${advice}`}</li>`,
  )}</ul></section>`;
}
