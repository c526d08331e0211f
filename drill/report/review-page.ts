import { formatValue } from '../../functions/anomaly/metrics';
import { endsWell, outcomes } from '../../functions/record/outcomes';
import { readable, type Spread } from '../../functions/review/figures';
import { alarmIn } from '../../functions/review/record';
import type { Review } from '../../functions/review/review';
import { commandFor } from '../../functions/review/take-over';
import type { Proposal, Tried } from '../../functions/review/threshold';
import { type Html, html, type Part } from './html';
import { page } from './page';
import { type Column, dataTable } from './table';
import { trialsPlot } from './trials-plot';
import { plural } from './words';

/** The review as one page: no requests, no script, everything escaped. Pure. */
export function toPage(review: Review): string {
  const title = `Review of ${review.stage}, ${review.from.slice(0, 10)} to ${review.until.slice(0, 10)}`;
  const { figures, repeatOffenders, noisyAlarms, wrongVetoes, proposals, stage } = review;
  const offenders = repeatOffenders.map((one) => [
    ...[one.instanceId, one.incidentIds.length, one.acted, one.notHelped],
    one.days.join(', '),
    one.changeBefore ? `${one.changeBefore.what} (${one.changeBefore.incidents})` : 'none',
  ]);
  const noise = noisyAlarms.map((one) => [alarmIn(one), one.incidents, one.needless]);
  const vetoes = wrongVetoes.map((one) => [one.instanceId, one.vetoedAt, one.followedAt, one.followedBy]);
  const body = html`<header><h1>${title}</h1>
<p class="muted">The incidents of this period. Nothing here is applied automatically.</p>
${verdict(review)}
${facts(review)}</header>
<main>
<section class="card"><h2>Proposed thresholds</h2>
${proposals.length > 0 ? proposals.map((one) => proposed(one, stage)) : html`<p class="muted">${nothingProposed(review)}</p>`}</section>
${unknownSection(review)}
${section('Repeat offenders', ['Instance', 'Incidents', 'With an action', 'Not resolved', 'Days', 'Change before most of them'], offenders)}
${section('Noisy alarms', ['Alarm', 'Incidents', 'Needed no action'], noise)}
${section('Wrong vetoes', ['Instance', 'Vetoed at', 'In trouble at', 'Incident'], vetoes)}
${section('Outcomes', ['Outcome', 'Incidents'], Object.entries(figures.byOutcome))}
${others(review)}
</main>`;
  return page(title, body, 'still');
}

/** What the period was like, and what a person should do now. */
function verdict({ figures, repeatOffenders, wrongVetoes, proposals }: Review): Html {
  const { incidents, acted, byOutcome } = figures;
  const trouble = outcomes.filter((one) => !endsWell(one) && (byOutcome[one] ?? 0) > 0);
  const ended = trouble.map((one) => `${byOutcome[one]} ${one}`).join(', ');
  const what = `${plural(incidents, 'incident')}, ${acted} with an action; ${ended === '' ? 'all ended well' : `not ended well: ${ended}`}.`;
  const todo = [
    proposals.length > 0 && `Decide on ${plural(proposals.length, 'proposed threshold')}.`,
    repeatOffenders.length > 0 &&
      `Find the cause on ${plural(repeatOffenders.length, 'instance')} with repeated incidents.`,
    wrongVetoes.length > 0 && `Read ${plural(wrongVetoes.length, 'wrong veto', 'wrong vetoes')} of the scorer.`,
  ].filter((one) => one !== false);
  const tone = todo.length > 0 || trouble.length > 0 ? 'warn' : 'good';
  return html`<div class="verdict ${tone}"><p class="story">${what}</p>
<dl class="answers"><div><dt>What to do</dt><dd>${todo.length > 0 ? todo.join(' ') : 'Nothing is proposed.'}</dd></div></dl></div>`;
}

const percent = (share: number | null) => (share === null ? '–' : `${Math.round(share * 100)} %`);
const spread = ({ median, p95 }: Spread) => `${readable(median)}, p95 ${readable(p95)}`;

function facts({ figures, suspicions, otherAccounts = {} }: Review): Html {
  const rows = [
    ['Incidents', `${figures.incidents}: ${figures.acted} with an action, ${plural(suspicions, 'suspicion')}`],
    ['Time to detect', spread(figures.timeToDetect)],
    ['Time to act', spread(figures.timeToAct)],
    ['Time to recover', spread(figures.timeToRecover)],
    ['Ineffective, of incidents with an action', percent(figures.ineffectiveRate)],
    ['Worse, of incidents with an action', percent(figures.worseRate)],
    ...Object.entries(otherAccounts).map(([account, count]) => [`Of account ${account}`, String(count)]),
  ];
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Alarms whose metrics are not known, by account and reason; nothing where all were read. */
function unknownSection({ notRead = [] }: Review): Html | undefined {
  if (notRead.length === 0) return undefined;
  const rows = notRead.map(({ place, alarmNames, why }) => [
    ...[place?.account ?? 'the stage’s own', alarmNames.length, why],
    alarmNames.join(', '),
  ]);
  return section('Metrics not read: no threshold is proposed', ['Account', 'Alarms', 'Why', 'Which'], rows);
}

function section(title: string, columns: readonly Column[], rows: readonly (readonly Part[])[]): Html {
  const content = rows.length > 0 ? dataTable(title, columns, rows) : html`<p class="muted">None.</p>`;
  return html`<section class="card"><h2>${title}</h2>${content}</section>`;
}

function nothingProposed({ noisyAlarms, tried }: Review): string {
  if (noisyAlarms.length === 0) return 'None: no alarm was noisy.';
  return tried.length === 0
    ? 'None: the metrics of the noisy alarms could not be read.'
    : 'None: no other threshold would have avoided the noise and detected every real problem.';
}

function proposed(proposal: Proposal, stage: string): Html {
  const { place, metric, current, proposed: better, troubles } = proposal;
  const value = (threshold: number) => formatValue(threshold, metric);
  const late = better.latestMinutes ? ` The longest delay would be ${better.latestMinutes} minutes.` : '';
  const say = `${metric}: ${value(current.threshold)} now, ${value(better.threshold)} proposed. Needless alarms ${current.needless} → ${better.needless}; real problems detected ${better.troublesSeen} of ${troubles}.${late}`;
  const command = commandFor(proposal, stage);
  const whose = place ? `, with credentials of account ${place.account}` : '';
  return html`<h3>${alarmIn(proposal)}</h3><p>${say}</p>${trialsPlot(proposal)}
${command && html`<p>To apply it, tag the instance${whose}:</p><pre>${command}</pre>`}
<details><summary>Every value that was tried</summary>${trialsTable(proposal)}</details>`;
}

/** The other alarms of the period: no proposal, only evidence. */
function others({ tried, proposals }: Review): Html | undefined {
  const rest = tried.filter((alarm) => !proposals.some((one) => alarmIn(one) === alarmIn(alarm)));
  if (rest.length === 0) return undefined;
  const one = (alarm: Tried) =>
    html`<details><summary>${alarmIn(alarm)}: stays at ${formatValue(alarm.current.threshold, alarm.metric)}</summary>${trialsPlot(alarm)}${trialsTable(alarm)}</details>`;
  return html`<section class="card"><h2>Other alarms at other thresholds</h2>${rest.map(one)}</section>`;
}

function trialsTable(tried: Tried): Html {
  const { metric, troubles, trials } = tried;
  const heads = ['Threshold', 'Alarms', 'Needless', 'Problems detected', 'Longest delay, minutes'];
  const later = (minutes: number | null) => (minutes === null ? '–' : minutes > 0 ? `+${minutes}` : String(minutes));
  const rows = trials.map((one) => [
    ...[formatValue(one.threshold, metric), one.alarms, one.needless],
    ...[`${one.troublesSeen} of ${troubles}`, later(one.latestMinutes)],
  ]);
  return dataTable(`Thresholds tried for ${alarmIn(tried)}`, heads, rows);
}
