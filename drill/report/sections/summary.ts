import { transitionsOf } from '../figures';
import { type Html, html } from '../html';
import type { ReportInput } from '../input';
import { length, moment, plural, type Tone, toneOf } from '../words';

/** How a run ended, in one word and one sentence: its one incident, or a summary of all. */
export function endOf(input: Pick<ReportInput, 'incidents' | 'executions' | 'isCut'>): {
  word: string;
  why: string;
  tone: Tone;
} {
  const { incidents, executions, isCut } = input;
  if (isCut)
    return { word: 'NOT KNOWN', why: 'The exported history was truncated before the execution ended.', tone: 'warn' };
  const words = incidents.map(({ outcome, status }) => outcome ?? status);
  const [first] = incidents;
  // A record that stayed open says nothing of an execution that came to an end without closing it.
  const isLeftOpen = first?.outcome === undefined && executions.length === 1 && executions[0]!.status !== 'RUNNING';
  if (first && incidents.length === 1 && !isLeftOpen)
    return { word: words[0]!, why: first.reason ?? 'No reason has been recorded yet.', tone: toneOf(words[0]!) };
  if (first && incidents.length > 1) {
    const counts = [...new Set(words)].map((word) => `${words.filter((one) => one === word).length} ${word}`);
    const worst = words.find((word) => toneOf(word) === 'bad') ?? words[0]!;
    return { word: plural(incidents.length, 'incident'), why: `${counts.join(', ')}.`, tone: toneOf(worst) };
  }
  const [execution] = executions;
  if (!execution) return { word: 'NO INCIDENT', why: 'Nothing was started.', tone: 'info' };
  const why = execution.error ? `${execution.error}: ${execution.cause ?? ''}` : 'There is no incident record.';
  return { word: execution.status, why, tone: toneOf(execution.status) };
}

/** The top of the page: the run, its outcome and reason, and the figures. */
export function summary(input: ReportInput): Html {
  const { name, story, setting, ok, incidents, executions, startedAt, endedAt, ledger } = input;
  const { word, why, tone } = endOf(input);
  const [incident] = incidents;
  const changes = ledger.filter(({ effective, service }) => effective && service !== 'dynamodb');
  const facts: [string, string | undefined][] = [
    ['Alarm', incident?.alarmName],
    ['Instance', incident?.instanceId],
    ['Began', moment(startedAt)],
    ['Lasted', length(endedAt - startedAt)],
    ['Executions', String(executions.length)],
    ['State transitions', String(transitionsOf(executions))],
    ['Calls to AWS', ledger.length > 0 ? `${ledger.length}, of which ${plural(changes.length, 'change')}` : undefined],
  ];
  return html`<header>
<div class="top"><span class="muted">${setting}</span><button type="button" id="theme" class="screen">Light / dark</button></div>
<h1>${name}</h1>
<p class="story muted">${story}</p>
<div class="verdict ${tone}"><p class="story"><span class="badge ${tone}">${word}</span> ${ok !== undefined && expected(ok)}</p>
<p class="story">${why}</p></div>
<dl class="facts">${facts.map(([term, value]) => value && html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

const expected = (ok: boolean) =>
  ok ? html`<span class="badge good">✔ as expected</span>` : html`<span class="badge bad">✗ not as expected</span>`;

/** Expected and actual results. */
export function checks({ checks }: ReportInput): Html | undefined {
  if (checks.length === 0) return undefined;
  const wrong = checks.filter(({ ok }) => !ok).length;
  return html`<section class="card"><h2>Expectations</h2>
<details ${wrong > 0 ? html`open` : undefined}><summary>${wrong > 0 ? `${wrong} of ${plural(checks.length, 'check')} failed` : `All ${plural(checks.length, 'check')} passed`}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Checks"><table>
<thead><tr><th scope="col">Passed</th><th scope="col">Check</th><th scope="col">Expected</th><th scope="col">Actual</th></tr></thead>
<tbody>${checks.map(
    ({ ok, what, expected, actual }) =>
      html`<tr><td><span class="badge ${ok ? 'good' : 'bad'}">${ok ? 'yes' : 'no'}</span></td><td>${what}</td><td>${expected}</td><td>${actual}</td></tr>`,
  )}</tbody></table></div></details></section>`;
}
