import { z } from 'zod';
import { endOf, spanOf } from './end';
import { type Html, html } from './html';
import type { ReportInput } from './input';
import { page } from './page';
import { expected } from './sections/summary';
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
  okWords: z.tuple([z.string(), z.string()]).optional(),
  /** Undefined for runs of earlier releases. */
  playbook: z.string().optional(),
  startedAt: z.number(),
  endedAt: z.number(),
  executions: z.number(),
});
export type RunSummary = z.output<typeof runSummarySchema>;

export function summaryOf(input: ReportInput, file: string): RunSummary {
  const { name, story, origin, ok, okWords, executions, playbook } = input;
  const { from, to } = spanOf(input);
  const run = { file, name, story, origin, startedAt: from, endedAt: to, executions: executions.length };
  return {
    ...run,
    ...endOf(input),
    ...(ok === undefined ? {} : { ok }),
    ...(okWords ? { okWords: [...okWords] as [string, string] } : {}),
    ...(playbook === undefined ? {} : { playbook }),
  };
}

/** The page of all runs, by playbook and within it in alphabetical order. Pure. */
export function renderIndex(runs: readonly RunSummary[]): string {
  const judged = runs.filter(({ ok }) => ok !== undefined);
  const wrong = judged.filter(({ ok }) => ok === false).length;
  const verdict =
    wrong === 0
      ? `All ${plural(judged.length, 'run')} went as expected.`
      : `${wrong} of ${plural(judged.length, 'run')} did not go as expected.`;
  const body = html`<header><div class="top"><span class="muted">${plural(runs.length, 'run')}</span><button type="button" id="theme" class="screen">Light / dark</button></div>
<h1>Drills and runs</h1>
${judged.length > 0 && html`<p class="verdict ${wrong === 0 ? 'good' : 'bad'}">${verdict}</p>`}</header>
<main data-filter>
<div class="tools screen"><input type="search" aria-label="Filter the runs" placeholder="Filter names, outcomes, reasons">
<select aria-label="Which runs"><option value="">All runs</option><option value="wrong">Not as expected</option><option value="good">Ended well</option><option value="bad">Ended badly</option></select>
<span class="muted"><span data-count>${runs.length} of ${runs.length}</span> runs</span></div>
${groupsOf(runs).map(group)}</main>`;
  return page('Drills and runs', body);
}

const unknown = 'other runs';

function groupsOf(runs: readonly RunSummary[]): [playbook: string, runs: RunSummary[]][] {
  const names = [...new Set(runs.map(({ playbook = unknown }) => playbook))].sort();
  const sorted = [...runs].sort((a, b) => a.file.localeCompare(b.file));
  return names.map((name) => [name, sorted.filter(({ playbook = unknown }) => playbook === name)]);
}

function group([playbook, runs]: readonly [string, readonly RunSummary[]]): Html {
  return html`<section class="card" data-group><h2>${playbook} <span class="tally">${talliesOf(runs)}</span></h2>
<div class="scroll" tabindex="0" role="region" aria-label="Runs of ${playbook}"><table class="runs">
<thead><tr><th scope="col">Run</th><th scope="col">Outcome</th><th scope="col" class="wide">Reason</th><th scope="col" class="number wide">Duration</th><th scope="col">Expected</th></tr></thead>
<tbody>${runs.map(row)}</tbody></table></div></section>`;
}

/** How often its runs ended in which way, and how many did not go as expected. */
function talliesOf(runs: readonly RunSummary[]): Html[] {
  const words = [...new Map(runs.map((run) => [tallied(run), run.tone]))].sort(([a], [b]) => a.localeCompare(b));
  const wrong = runs.filter(({ ok }) => ok === false).length;
  return [
    ...words.map(([word, tone]) => {
      const count = runs.filter((run) => tallied(run) === word).length;
      return html` <span class="badge ${tone}">${count} ${word}</span>`;
    }),
    ...(wrong > 0 ? [html` <span class="badge bad">✗ ${wrong} not as expected</span>`] : []),
  ];
}

/** What a run counts as: those with many incidents are of one kind, however many they had. */
const tallied = ({ word }: RunSummary): string => (/^\d/.test(word) ? 'with several incidents' : word);

function row({ file, name, story, word, tone, why, ok, okWords, startedAt, endedAt }: RunSummary): Html {
  const kind = [tone, ok === false ? 'wrong' : ''].join(' ').trim();
  return html`<tr data-row="${kind}"><td><a href="${file}">${name}</a><br><span class="muted">${story}</span></td>
<td><span class="badge ${tone}">${word}</span></td><td class="wide">${why}</td><td class="number wide" title="${moment(startedAt)}">${length(endedAt - startedAt)}</td>
<td>${ok === undefined ? '' : expected(ok, okWords ?? ['as expected', 'not as expected'])}</td></tr>`;
}
