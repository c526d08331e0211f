import { drawGraph } from '../graph';
import { type Html, html } from '../html';
import type { ReportExecution, ReportInput } from '../input';
import { pathTaken, type Step, stepsOf } from '../steps';
import { clock, cut, length, moment, plural, toneOf } from '../words';
import { foundBy } from './found';

/** One execution: the machine with the path taken, and the timeline of its states. */
export async function execution(one: ReportExecution, ledger: ReportInput['ledger'], id: string): Promise<Html> {
  const steps = stepsOf(one, ledger);
  const graph = one.definition ? await drawGraph(one.definition, pathTaken(steps), id) : undefined;
  const { startedAt, endedAt = steps.at(-1)?.until ?? startedAt } = one;
  return html`<section class="card" data-execution>
<h2>${one.machine} <span class="badge ${toneOf(one.status)}">${one.status}</span></h2>
<p class="story muted mono">${one.id}</p>
<p class="story muted">${moment(startedAt)}, ${length(endedAt - startedAt)}, ${plural(steps.length, 'step')}.
${one.consoleUrl !== undefined && html`<a href="${one.consoleUrl}" rel="noreferrer">Open in the AWS console</a>`}</p>
<div class="split">
${graph && picture(graph, one)}
${timeline(one, steps, { from: startedAt, to: Math.max(endedAt, startedAt + 1) })}
</div></section>`;
}

/** The machine, as large as it fits, with buttons to come closer, and beside it what is known of the state that is chosen. */
function picture(graph: Html, { name }: ReportExecution): Html {
  return html`<div class="fit" data-picture><h3>The path taken</h3>
<ul class="key"><li><i class="passed"></i>passed</li><li><i class="caught"></i>failed and caught</li><li><i class="failed"></i>failed</li><li><i class="running"></i>not ended</li></ul>
<div class="tools screen"><button type="button" data-zoom="in">Zoom in</button><button type="button" data-zoom="out">Zoom out</button><button type="button" data-zoom="fit">Whole machine</button></div>
<div class="console"><div class="scroll tall" tabindex="0" role="region" aria-label="Picture of the machine in execution ${name}">${graph}</div>
<div class="detail screen" data-detail aria-live="polite"><p class="muted">Choose a state in the picture: what it found, its calls and its error stand here.</p></div></div></div>`;
}

const kinds = [
  ['task', 'Tasks'],
  ['changed', 'Steps with changes'],
  ['trouble', 'Steps with a failure or a retry'],
] as const;

function timeline(one: ReportExecution, steps: readonly Step[], span: { from: number; to: number }): Html {
  return html`<div data-filter data-more><h3>Timeline</h3>
<div class="tools screen"><input type="search" aria-label="Filter the timeline" placeholder="Filter states, calls, errors">
<select aria-label="Which steps"><option value="">All steps</option>${kinds.map(([value, text]) => html`<option value="${value}">${text}</option>`)}</select>
<label><input type="checkbox" data-show="again"> every round of wait loops</label>
<label><input type="checkbox" data-show="choice"> choices</label>
<span class="muted"><span data-count>${steps.length} of ${steps.length}</span> steps, times in UTC</span></div>
<ol class="steps">${steps.map((step) => row(one, step, span))}</ol></div>`;
}

const marks = { passed: '✔', failed: '✗', caught: '⚠', running: '…' };
const words = { passed: 'passed', failed: 'failed', caught: 'failed and caught', running: 'not ended' };

function row(one: ReportExecution, step: Step, span: { from: number; to: number }): Html {
  const { state, type, status, at, until, index, round, retries, error } = step;
  const changes = step.calls.filter(({ effective, service }) => effective && service !== 'dynamodb');
  const isTrouble = retries > 0 || error !== undefined;
  const row = [type.toLowerCase(), changes.length > 0 ? 'changed' : '', isTrouble ? 'trouble' : ''].join(' ').trim();
  // A round with a change or a failure is never collapsed.
  const isFolded = round > 1 && changes.length === 0 && !isTrouble;
  const took = until === undefined ? '' : length(until - at);
  const loop =
    step.loop && html` <span class="muted">× ${step.loop.rounds}, ${length(step.loop.totalMs)} in total</span>`;
  const isChoice = type === 'Choice' && !isTrouble;
  const folded = [isFolded ? 'again' : '', isChoice ? 'choice' : ''].filter(Boolean).join(' ');
  return html`<li class="${status} ${folded}" data-row="${row}" data-state="${state}"><details><summary><span class="time">${clock(at)}</span><span class="mark" title="${words[status]}" role="img" aria-label="${words[status]}">${marks[status]}</span><span class="state">${state}${index !== undefined && html` <span class="muted">[${index}]</span>`}${loop}${changes.map((call) => html`<br><span class="did">→ ${call.command} ${call.resources.join(' ')}</span>`)}${error !== undefined && html`<br><span class="failure">${error}</span>`}</span>${bar(step, span)}<span class="length muted">${took}</span></summary>
<div class="more">${more(one, step)}</div></details></li>`;
}

function bar({ at, until = at, loop }: Step, { from, to }: { from: number; to: number }): Html {
  const rect = (kind: string, end: number) => {
    const width = Math.max(((end - at) / (to - from)) * 1000, 4);
    const x = Math.min(((at - from) / (to - from)) * 1000, 1000 - width);
    return html`<rect class="${kind}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="10"/>`;
  };
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="1000" height="10"/>${loop && rect('loop', loop.until)}${rect('run', until)}</svg>`;
}

function more({ definition }: ReportExecution, step: Step): Html {
  const { state, type, retries, cause, calls } = step;
  const found = foundBy(step);
  return html`<p class="muted">${definition?.States[state]?.Comment ?? type}</p>
${retries > 0 && html`<p>${retries + 1} attempts.</p>`}
${cause !== undefined && html`<p class="failure">${cut(wordsOf(cause), 2000)}</p>`}
${found !== undefined && html`<p>Added to the state:</p><pre>${found}</pre>`}
${calls.length > 0 && html`<p>Calls: ${calls.map((call, i) => html`${i > 0 && ', '}<code>${call.service}:${call.command}</code>${call.result === 'ok' ? '' : ` (${call.errorName ?? call.result})`}`)}</p>`}`;
}

/** A Lambda error is JSON text; only its message is useful. */
function wordsOf(cause: string): string {
  const message = /^\{"errorType":.*"errorMessage":"((?:[^"\\]|\\.)*)"/.exec(cause)?.[1];
  return message === undefined ? cause : (JSON.parse(`"${message}"`) as string);
}
