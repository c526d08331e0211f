import { type Html, html } from '../html';
import type { ReportInput } from '../input';
import { dataTable } from '../table';
import { clock, cut, moment, plural, toneOf } from '../words';

type Incident = ReportInput['incidents'][number];

/** The number of incidents shown with their timelines; the rest are in a table. */
const mostShown = 3;
const mostRows = 200;

/** What happened: the incident records with their timelines, and the notices. Of many the tally comes first. */
export function incidents(input: ReportInput): Html {
  const { incidents: all } = input;
  const isMany = all.length > mostShown;
  return html`<section class="card"><h2>What happened</h2>
${isMany && tally(all)}
${all.length === 0 && html`<p class="muted">No incident was recorded.</p>`}
${isMany ? byGravity(all).slice(0, mostShown).map(record) : all.map(record)}
${notices(input)}
${isMany && table(byGravity(all).slice(mostShown))}</section>`;
}

const gravity = { bad: 0, warn: 1, good: 2, info: 3 };
const wordOf = ({ outcome, status }: Incident) => outcome ?? status;

/** The gravest first; among equals in the order in which they were opened. */
const byGravity = (all: readonly Incident[]) =>
  [...all].sort((a, b) => gravity[toneOf(wordOf(a))] - gravity[toneOf(wordOf(b))]);

function tally(all: readonly Incident[]): Html {
  const counts = new Map<string, { one: Incident; count: number }>();
  for (const one of all) {
    const key = JSON.stringify([wordOf(one), one.code]);
    counts.set(key, { one, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const rows = [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ one, count }) => [
      html`<span class="badge ${toneOf(wordOf(one))}">${wordOf(one)}</span>`,
      one.code ?? 'open',
      count,
      one.reason ?? '',
    ]);
  return dataTable(
    'Incidents by outcome',
    ['Outcome', ['Code', 'id'], ['Incidents', 'number'], ['For example', 'wide']],
    rows,
  );
}

function record(incident: Incident): Html {
  const { incidentId, code, reason, alarmName, instanceId, openedAt, closedAt, timeline } = incident;
  const word = wordOf(incident);
  const opened = `opened ${moment(Date.parse(openedAt))}`;
  const closed = closedAt === undefined ? '' : `, closed ${moment(Date.parse(closedAt))}`;
  const rows = timeline.map(({ at, what }) => [clock(Date.parse(at)), what]);
  return html`<h3>The incident record <span class="badge ${toneOf(word)}">${word}</span> <span class="mono">${incidentId}</span></h3>
<p class="story">${reason ?? ''}</p>
<p class="story muted">${[code, alarmName, instanceId].filter(Boolean).join(' · ')}<br>${opened}${closed}</p>
${rows.length > 0 && dataTable(`Timeline of ${incidentId}`, [['Time', 'time'], 'What'], rows)}`;
}

function table(rest: readonly Incident[]): Html {
  const shown = rest.slice(0, mostRows);
  const rows = shown.map((one) => [
    html`<span class="badge ${toneOf(wordOf(one))}">${wordOf(one)}</span>`,
    one.instanceId ?? '',
    one.reason ?? '',
  ]);
  return html`<details><summary>${plural(rest.length, 'more incident')}</summary>
${dataTable('More incidents', ['Outcome', ['Instance', 'id'], 'Reason'], rows)}
${rest.length > shown.length && html`<p class="muted">${rest.length - shown.length} more are not listed.</p>`}</details>`;
}

function notices({ notices: all, deadLetters }: ReportInput): Html {
  const [first, ...rest] = all;
  return html`${
    first &&
    html`<h3>${plural(all.length, 'notice')} sent</h3>
${notice(first, all.length === 1)}
${rest.slice(0, mostShown - 1).map((one) => notice(one, false))}
${all.length > mostShown && html`<p class="muted">${plural(all.length - mostShown, 'more notice')}.</p>`}`
  }
${deadLetters.length > 0 && html`<p class="failure">${plural(deadLetters.length, 'event')} ended in the dead-letter queue.</p>`}`;
}

const notice = ({ at, subject, message }: ReportInput['notices'][number], isOpen: boolean): Html =>
  html`<details ${isOpen ? html`open` : undefined}><summary>${clock(at)} ${subject ?? ''}</summary><pre>${cut(bodyOf(message), 3000)}</pre></details>`;

/** A notice has a text per protocol; people read the default one. */
function bodyOf(message: string): string {
  const start = '{"default":';
  if (!message.startsWith(start)) return message;
  const parsed = JSON.parse(message) as { default: unknown };
  return String(parsed.default);
}
