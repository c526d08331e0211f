import { type Html, html } from '../html';
import type { ReportInput } from '../input';
import { clock, cut, plural } from '../words';

type Call = ReportInput['ledger'][number];

/** A page with more rows than this is slow to open and filter. */
const mostRows = 600;

/** The calls to AWS, in order; with very many, changes and rejected calls take precedence. */
export function calls({ ledger, origin }: ReportInput): Html {
  const shown = chosen(ledger);
  const left = ledger.length - shown.length;
  if (ledger.length === 0) {
    return html`<section class="card"><h2>Calls to AWS</h2><p class="muted">${
      origin === 'drill' ? 'There were none.' : 'A history does not contain the steps’ calls; see CloudTrail.'
    }</p></section>`;
  }
  return html`<section class="card" data-filter><h2>Calls to AWS</h2>
<div class="tools screen"><input type="search" aria-label="Filter the calls" placeholder="Filter calls, resources, states">
<select aria-label="Which calls"><option value="playbook">Calls of the playbook</option><option value="">All calls, including schedules</option><option value="changed">Changes</option><option value="refused">Rejected calls</option></select>
<span class="muted"><span data-count>${shown.length} of ${shown.length}</span> calls</span></div>
${left > 0 && html`<p class="muted">${plural(left, 'more call')}, which only read or wrote records, ${left === 1 ? 'is' : 'are'} not listed.</p>`}
<div class="scroll tall" tabindex="0" role="region" aria-label="Calls to AWS"><table class="calls">
<thead><tr><th scope="col">Time</th><th scope="col">Call</th><th scope="col">Resource</th><th scope="col" class="wide">State</th><th scope="col">Result</th></tr></thead>
<tbody>${shown.map(row)}</tbody></table></div></section>`;
}

function chosen(ledger: readonly Call[]): Call[] {
  if (ledger.length <= mostRows) return [...ledger];
  const rank = ({ effective, result, service }: Call) =>
    effective && service !== 'dynamodb' ? 0 : result !== 'ok' ? 1 : service !== 'dynamodb' ? 2 : 3;
  return [...ledger]
    .sort((a, b) => rank(a) - rank(b) || a.seq - b.seq)
    .slice(0, mostRows)
    .sort((a, b) => a.seq - b.seq);
}

function row(call: Call): Html {
  const { at, service, command, caller, effective, result, errorName, resources, input } = call;
  const isPlaybook = caller?.executionId.startsWith('arn:') ?? false;
  const kind = [isPlaybook ? 'playbook' : '', effective ? 'changed' : '', result === 'ok' ? '' : 'refused']
    .join(' ')
    .trim();
  const refused = result !== 'ok' && html`<span class="failure">${errorName ?? result}</span>`;
  return html`<tr data-row="${kind}"><td class="time">${clock(at)}</td>
<td><details><summary><span class="mono">${service}:${command}</span></summary><pre>${cut(JSON.stringify(input, null, 2), 1500)}</pre></details></td>
<td class="mono">${resources.join(' ')}</td><td class="wide">${caller?.stateName ?? ''}</td>
<td>${refused || (effective ? html`<span class="badge good">changed</span>` : html`<span class="muted">ok</span>`)}</td></tr>`;
}
