import { transitionsOf } from '../figures';
import { type Html, html } from '../html';
import type { ReportInput } from '../input';
import { length, moment, plural, type Tone, toneOf } from '../words';

/** How a run ended, in one word and one sentence: its one incident, or what became of all of them. */
export function endOf(input: Pick<ReportInput, 'incidents' | 'executions' | 'isCut'>): {
  word: string;
  why: string;
  tone: Tone;
} {
  const { incidents, executions, isCut } = input;
  if (isCut)
    return { word: 'NOT KNOWN', why: 'The export of the history was cut before the execution ended.', tone: 'warn' };
  const words = incidents.map(({ outcome, status }) => outcome ?? status);
  const [first] = incidents;
  if (first && incidents.length === 1)
    return { word: words[0]!, why: first.reason ?? 'There is no reason on record yet.', tone: toneOf(words[0]!) };
  if (first) {
    const counts = [...new Set(words)].map((word) => `${words.filter((one) => one === word).length} ${word}`);
    const worst = words.find((word) => toneOf(word) === 'bad') ?? words[0]!;
    return { word: plural(incidents.length, 'incident'), why: `${counts.join(', ')}.`, tone: toneOf(worst) };
  }
  const [execution] = executions;
  if (!execution) return { word: 'NO INCIDENT', why: 'Nothing was started.', tone: 'info' };
  const why = execution.error ? `${execution.error}: ${execution.cause ?? ''}` : 'No incident record was kept.';
  return { word: execution.status, why, tone: toneOf(execution.status) };
}

/** The top of the page: what it was, how it ended and why, and the figures. */
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
    ['Calls to AWS', ledger.length > 0 ? `${ledger.length}, ${changes.length} changed something` : undefined],
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

/** What the scenario expects, and what came. */
export function checks({ checks }: ReportInput): Html | undefined {
  if (checks.length === 0) return undefined;
  const wrong = checks.filter(({ ok }) => !ok).length;
  return html`<section class="card"><h2>What was expected</h2>
<details ${wrong > 0 ? html`open` : undefined}><summary>${wrong > 0 ? `${wrong} of ${plural(checks.length, 'check')} failed` : `All of ${plural(checks.length, 'check')} hold`}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Checks"><table>
<thead><tr><th scope="col">Holds</th><th scope="col">What</th><th scope="col">Expected</th><th scope="col">Came</th></tr></thead>
<tbody>${checks.map(
    ({ ok, what, expected, actual }) =>
      html`<tr><td><span class="badge ${ok ? 'good' : 'bad'}">${ok ? 'yes' : 'no'}</span></td><td>${what}</td><td>${expected}</td><td>${actual}</td></tr>`,
  )}</tbody></table></div></details></section>`;
}
