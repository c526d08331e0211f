import { z } from 'zod';
import { type Html, html } from './html';
import type { ReportInput } from './input';
import { page } from './page';
import { endOf } from './sections/summary';
import { length, moment, plural } from './words';

/** A run's entry in the index. It is stored next to the run's page, so that the index can be rebuilt. */
export const runSummarySchema = z.object({
  file: z.string().regex(/^[\w.-]+\.html$/),
  name: z.string(),
  story: z.string(),
  origin: z.enum(['drill', 'stage', 'history']),
  word: z.string(),
  tone: z.enum(['good', 'bad', 'warn', 'info']),
  why: z.string(),
  ok: z.boolean().optional(),
  startedAt: z.number(),
  endedAt: z.number(),
  executions: z.number(),
});
export type RunSummary = z.output<typeof runSummarySchema>;

export function summaryOf(input: ReportInput, file: string): RunSummary {
  const { name, story, origin, ok, startedAt, endedAt, executions } = input;
  const run = { file, name, story, origin, startedAt, endedAt, executions: executions.length };
  return { ...run, ...endOf(input), ...(ok === undefined ? {} : { ok }) };
}

/** The page of all runs, in alphabetical order. Pure. */
export function renderIndex(runs: readonly RunSummary[]): string {
  const sorted = [...runs].sort((a, b) => a.file.localeCompare(b.file));
  const judged = runs.filter(({ ok }) => ok !== undefined);
  const wrong = judged.filter(({ ok }) => ok === false).length;
  const verdict =
    wrong === 0
      ? `All ${plural(judged.length, 'run')} went as expected.`
      : `${wrong} of ${plural(judged.length, 'run')} did not go as expected.`;
  const body = html`<header><div class="top"><span class="muted">${plural(runs.length, 'run')}</span><button type="button" id="theme" class="screen">Light / dark</button></div>
<h1>Drills and runs</h1>
${judged.length > 0 && html`<p class="verdict ${wrong === 0 ? 'good' : 'bad'}">${verdict}</p>`}</header>
<main><section class="card" data-filter><h2>All runs</h2>
<div class="tools screen"><input type="search" aria-label="Filter the runs" placeholder="Filter names, outcomes, reasons">
<select aria-label="Which runs"><option value="">All runs</option><option value="wrong">Not as expected</option><option value="good">Ended well</option><option value="bad">Ended badly</option></select>
<span class="muted"><span data-count>${runs.length} of ${runs.length}</span> runs</span></div>
<div class="scroll" tabindex="0" role="region" aria-label="All runs"><table class="runs">
<thead><tr><th scope="col">Run</th><th scope="col">Outcome</th><th scope="col" class="wide">Reason</th><th scope="col" class="number wide">Duration</th><th scope="col">Expected</th></tr></thead>
<tbody>${sorted.map(row)}</tbody></table></div></section></main>`;
  return page('Drills and runs', body);
}

function row({ file, name, story, word, tone, why, ok, startedAt, endedAt }: RunSummary): Html {
  const kind = [tone, ok === false ? 'wrong' : ''].join(' ').trim();
  return html`<tr data-row="${kind}"><td><a href="${file}">${name}</a><br><span class="muted">${story}</span></td>
<td><span class="badge ${tone}">${word}</span></td><td class="wide">${why}</td><td class="number wide" title="${moment(startedAt)}">${length(endedAt - startedAt)}</td>
<td>${ok === undefined ? '' : ok ? html`<span class="badge good">✔ as expected</span>` : html`<span class="badge bad">✗ not as expected</span>`}</td></tr>`;
}
