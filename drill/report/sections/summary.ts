import { endOf, isOver, spanOf, whatToDo } from '../end';
import { transitionsOf } from '../figures';
import { type Html, html } from '../html';
import type { ReportInput } from '../input';
import { dataTable } from '../table';
import { length, moment, plural } from '../words';

/** The top of the page: what happened, whether it is over, and what to do; then the figures. */
export function summary(input: ReportInput): Html {
  const {
    name,
    story,
    setting,
    ok,
    okWords = ['as expected', 'not as expected'],
    incidents,
    executions,
    ledger,
  } = input;
  const { word, why, tone } = endOf(input);
  const [incident] = incidents;
  const { from, to } = spanOf(input);
  const changes = ledger.filter(({ effective, service }) => effective && service !== 'dynamodb');
  const isOne = incidents.length === 1;
  const facts: [string, string | undefined][] = [
    ['Alarm', isOne ? incident?.alarmName : undefined],
    ['Instance', isOne ? incident?.instanceId : undefined],
    ['Began', moment(from)],
    ['Duration', length(to - from)],
    ['Executions', String(executions.length)],
    ['State transitions', String(transitionsOf(executions))],
    ['Calls to AWS', ledger.length > 0 ? `${ledger.length}, of which ${plural(changes.length, 'change')}` : undefined],
  ];
  return html`<header>
<div class="top"><span class="muted"><a class="screen" href="index.html">All runs</a> ${setting}</span><button type="button" id="theme" class="screen">Light / dark</button></div>
<h1>${name}</h1>
<p class="story muted">${story}</p>
<div class="verdict ${tone}"><p class="story"><span class="badge ${tone}">${word}</span> ${ok !== undefined && expected(ok, okWords)}</p>
<p class="story">${why}</p>
<dl class="answers"><div><dt>Is it over?</dt><dd>${isOver(input)}</dd></div><div><dt>What to do</dt><dd>${whatToDo(input)}</dd></div></dl></div>
${(input.remarks ?? []).map((remark) => html`<p class="story note">Note: ${remark}</p>`)}
<dl class="facts">${facts.map(([term, value]) => value && html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

/** Whether the expectations were met, in the words of whoever expects. */
export const expected = (ok: boolean, [good, bad]: readonly [string, string]): Html =>
  ok ? html`<span class="badge good">✔ ${good}</span>` : html`<span class="badge bad">✗ ${bad}</span>`;

/** Expected and actual results. */
export function checks({ checks }: ReportInput): Html | undefined {
  if (checks.length === 0) return undefined;
  const wrong = checks.filter(({ ok }) => !ok).length;
  const rows = checks.map(({ ok, what, expected, actual }) => [
    html`<span class="badge ${ok ? 'good' : 'bad'}">${ok ? 'yes' : 'no'}</span>`,
    what,
    expected,
    actual,
  ]);
  return html`<section class="card"><h2>Expectations</h2>
<details ${wrong > 0 ? html`open` : undefined}><summary>${wrong > 0 ? `${wrong} of ${plural(checks.length, 'check')} failed` : `All ${plural(checks.length, 'check')} passed`}</summary>
${dataTable('Checks', ['Passed', 'Check', 'Expected', 'Actual'], rows)}</details></section>`;
}
