import { type Html, html } from '../html';
import type { ReportInput } from '../input';
import { clock, cut, moment, plural, toneOf } from '../words';

type Incident = ReportInput['incidents'][number];

/** The number of incidents shown with their timelines; the rest are in a table. */
const mostTold = 5;
const mostRows = 200;

/** The incident records with their timelines, and the notices. */
export function incidents(input: ReportInput): Html {
  const { incidents: all } = input;
  return html`<section class="card"><h2>The incident ${all.length === 1 ? 'record' : 'records'}</h2>
${all.length === 0 && html`<p class="muted">No incident was recorded.</p>`}
${all.slice(0, mostTold).map(record)}
${all.length > mostTold && table(all.slice(mostTold))}
${told(input)}</section>`;
}

function record({
  incidentId,
  outcome,
  status,
  code,
  reason,
  alarmName,
  instanceId,
  openedAt,
  closedAt,
  timeline,
}: Incident): Html {
  const word = outcome ?? status;
  return html`<h3><span class="badge ${toneOf(word)}">${word}</span> <span class="mono">${incidentId}</span></h3>
<p class="story">${reason ?? ''}</p>
<p class="story muted">${[code, alarmName, instanceId].filter(Boolean).join(' · ')}<br>opened ${moment(Date.parse(openedAt))}${closedAt !== undefined && `, closed ${moment(Date.parse(closedAt))}`}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Timeline of ${incidentId}"><table><thead><tr><th scope="col">Time</th><th scope="col">What</th></tr></thead>
<tbody>${timeline.map(({ at, what }) => html`<tr><td class="time">${clock(Date.parse(at))}</td><td>${what}</td></tr>`)}</tbody></table></div>`;
}

function table(rest: readonly Incident[]): Html {
  const shown = rest.slice(0, mostRows);
  return html`<h3>${plural(rest.length, 'more incident')}</h3>
<div class="scroll tall" tabindex="0" role="region" aria-label="More incidents"><table><thead><tr><th scope="col">Outcome</th><th scope="col">Instance</th><th scope="col">Reason</th></tr></thead>
<tbody>${shown.map(({ outcome, status, instanceId, reason }) => html`<tr><td><span class="badge ${toneOf(outcome ?? status)}">${outcome ?? status}</span></td><td class="mono">${instanceId ?? ''}</td><td>${reason ?? ''}</td></tr>`)}</tbody></table></div>
${rest.length > shown.length && html`<p class="muted">${rest.length - shown.length} more are not listed.</p>`}`;
}

function told({ notices, deadLetters }: ReportInput): Html {
  return html`${
    notices.length > 0 &&
    html`<h3>Notices</h3>
${notices.slice(0, mostTold).map(({ at, subject, message }) => html`<details><summary>${clock(at)} ${subject ?? ''}</summary><pre>${cut(bodyOf(message), 3000)}</pre></details>`)}
${notices.length > mostTold && html`<p class="muted">${plural(notices.length - mostTold, 'more notice')}.</p>`}`
  }
${deadLetters.length > 0 && html`<p class="failure">${plural(deadLetters.length, 'event')} ended in the dead-letter queue.</p>`}`;
}

/** A notice has a text per protocol; people read the default one. */
function bodyOf(message: string): string {
  const start = '{"default":';
  if (!message.startsWith(start)) return message;
  const parsed = JSON.parse(message) as { default: unknown };
  return String(parsed.default);
}
