import type { Decision, Plot } from '../../drill/backtest/model';
import { type Figures, figuresOf } from '../../drill/backtest/totals';
import type { Readiness } from '../../drill/backtest/verdict';
import { drawChart } from '../../drill/report/chart';
import { type Html, html } from '../../drill/report/html';
import { page } from '../../drill/report/page';
import { dataTable } from '../../drill/report/table';
import { formatFor, length, moment, plural } from '../../drill/report/words';
import { DEFAULT_THRESHOLD } from '../../functions/anomaly/threshold';
import type { BacktestResult, KeptResult } from './run';

const words: Record<Decision, { text: string; tone: string }> = {
  restart: { text: 'restart', tone: 'warn' },
  recovered: { text: 'recovered by itself', tone: 'info' },
  veto: { text: 'vetoed', tone: 'info' },
  escalate: { text: 'escalated', tone: 'bad' },
  'wrong-threshold': { text: 'wrong threshold', tone: 'info' },
  cooldown: { text: 'cooldown', tone: 'info' },
};

const mostRows = 500;

/** The backtest as one self-contained page: what would have happened, instance by instance, with plots. Pure. */
export function renderBacktest(result: BacktestResult): string {
  const { instances, expected, what, settings, verdict } = result;
  const figures = figuresOf(result.totals);
  const drawn = instances
    .filter(({ plots, incidents }) => plots && incidents.length > 0)
    .sort((a, b) => b.incidents.length - a.incidents.length);
  const quiet = drawn.length === 0 ? instances.filter(({ plots }) => plots).slice(0, 3) : [];
  const isPartial = instances.length < expected;
  const body = html`<header><div class="top"><span class="muted">${what}</span><button type="button" id="theme" class="screen">Light / dark</button></div>
<h1>Backtest: what would have been restarted</h1>
${isPartial && html`<p class="verdict warn">Stopped after ${instances.length} of ${expected} instances: the figures cover only those.</p>`}
<div class="verdict ${tones[verdict.readiness]}"><p class="story"><strong>${verdict.sentence}</strong></p>
${verdict.precision !== undefined && html`<p class="story">${verdict.precision}</p>`}
<p class="story">${sentence(figures, result.totals.decisions)}</p></div>
${facts(figures, result)}</header>
<main>
${toChange(instances)}
<section class="card"><h2>What was replayed</h2>${settings.source !== undefined && html`<p>Alarms and settings of ${settings.source}.</p>`}<ul>${settings.alarms.map(({ name, metricName, words: rule }) => html`<li><code>${name}</code>: ${metricName} ${rule}</li>`)}</ul>
<p class="muted">Alarms are evaluated as CloudWatch documents it. The scorer, and the guards with a cooldown of ${plural(settings.guard.cooldownMinutes, 'minute')}, use no data after the alarm. Recorded metrics do not react to a restart.</p></section>
${figures.labelled && labelledSection(figures.labelled)}
${table(instances)}
${[...drawn, ...quiet].map((one, i) => plots(one, `plot${i}`))}
</main>`;
  return page('Backtest', body);
}

const tones: Record<Readiness, string> = { ready: 'good', change: 'bad', unknown: 'warn' };
const readinessWords: Record<Readiness, string> = { ready: 'ready', change: 'change first', unknown: 'not judged' };
const mostChanges = 20;

/** What to change before automation may act, instance by instance, with the command for it. */
function toChange(instances: readonly KeptResult[]): Html | undefined {
  const told = instances.map(({ verdict }) => verdict).filter(({ readiness }) => readiness !== 'ready');
  if (told.length === 0) return undefined;
  const sorted = [...told].sort((a, b) => a.readiness.localeCompare(b.readiness));
  const rows = sorted
    .slice(0, mostChanges)
    .map(({ name, readiness, why, command }) => [
      name,
      html`<span class="badge ${tones[readiness]}">${readinessWords[readiness]}</span>`,
      html`${why.map((line) => html`<p class="story">${line}</p>`)}${command !== undefined && html`<pre>${command}</pre>`}`,
    ]);
  return html`<section class="card"><h2>What to change first</h2>
${dataTable('What to change first', [['Instance', 'id'], 'Verdict', 'Why, and what to do'], rows)}
${told.length > mostChanges && html`<p class="muted">${plural(told.length - mostChanges, 'more instance')}: see the table below.</p>`}</section>`;
}

const number = (value: number | undefined, digits = 2) => (value === undefined ? 'none' : value.toFixed(digits));
const percent = (value: number | undefined) => (value === undefined ? 'no data' : `${Math.round(value * 100)} %`);

function sentence(
  { instanceWeeks, alarms, restarts, vetoes, escalations, labelled }: Figures,
  decisions: BacktestResult['totals']['decisions'],
): string {
  const truth = labelled
    ? `${number(labelled.falseRestartsPerWeek)} false restarts per instance-week.`
    : 'Without labels, any restart may be a false one.';
  const others = [
    decisions['wrong-threshold'] > 0 && `${decisions['wrong-threshold']} ignored because of a wrong threshold`,
    decisions.cooldown > 0 && `${decisions.cooldown} within the cooldown`,
  ].filter((one) => one !== false);
  const all = [
    plural(restarts, 'restart'),
    `${plural(vetoes, 'veto', 'vetoes')} by the scorer`,
    plural(escalations, 'escalation'),
    ...others,
  ];
  return `In ${number(instanceWeeks, 1)} instance-weeks, ${plural(alarms, 'alarm')} fired: ${all.join(', ')}. ${truth}`;
}

function facts(figures: Figures, { totals, instances }: BacktestResult): Html {
  const rows: [string, string][] = [
    ['Instances', String(instances.length)],
    ['Datapoints', totals.points.toLocaleString('en')],
    ['Instance-weeks', number(figures.instanceWeeks, 1)],
    ['Alarms', String(figures.alarms)],
    ['Restarts', String(figures.restarts)],
    ['Vetoed by the scorer', String(figures.vetoes)],
    ['Restarts per instance-week', number(figures.restartsPerWeek)],
    ...(figures.labelled
      ? [['False restarts per instance-week', number(figures.labelled.falseRestartsPerWeek)] as [string, string]]
      : []),
  ];
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function labelledSection(labelled: NonNullable<Figures['labelled']>): Html {
  const { windows, alarmPrecision, alarmRecall, precision, recall, wrongVetoes, vetoes, medianDelayMs } = labelled;
  return html`<section class="card"><h2>Compared with the labels</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Compared with the labels"><table><thead><tr><th scope="col">Restarts by</th><th scope="col" class="number">Precision</th><th scope="col" class="number">Recall</th></tr></thead>
<tbody><tr><th scope="row">Alarms alone</th><td class="number">${percent(alarmPrecision)}</td><td class="number">${percent(alarmRecall)}</td></tr>
<tr><th scope="row">Alarms with scorer and guards</th><td class="number">${percent(precision)}</td><td class="number">${percent(recall)}</td></tr></tbody></table></div>
<p>${plural(windows, 'labelled window')}. ${medianDelayMs === undefined ? 'None was detected.' : `Median delay from the start of a window to the restart: ${length(medianDelayMs)}.`}
${vetoes > 0 && `Of ${plural(vetoes, 'veto', 'vetoes')}, ${wrongVetoes} fell inside a window.`}</p></section>`;
}

function table(instances: readonly KeptResult[]): Html {
  const count = ({ incidents }: KeptResult, decision: Decision) =>
    incidents.filter((one) => one.decision === decision).length;
  const sorted = [...instances].sort(
    (a, b) =>
      count(b, 'restart') - count(a, 'restart') ||
      b.incidents.length - a.incidents.length ||
      a.name.localeCompare(b.name),
  );
  const shown = sorted.slice(0, mostRows);
  return html`<section class="card" data-filter><h2>Instances</h2>
<div class="tools screen"><input type="search" aria-label="Filter the instances" placeholder="Filter instances">
<select aria-label="Which instances"><option value="">All instances</option><option value="change">With a change first</option><option value="restart">With restarts</option><option value="veto">With vetoes</option><option value="remark">With notes on their data</option></select>
<span class="muted"><span data-count>${shown.length} of ${shown.length}</span> instances</span></div>
<div class="scroll tall" tabindex="0" role="region" aria-label="Instances"><table class="instances">
<thead><tr><th scope="col">Instance</th><th scope="col" class="number">Alarms</th><th scope="col" class="number">Restarts</th><th scope="col" class="number">Vetoed</th><th scope="col" class="number">Escalated</th><th scope="col">Verdict</th><th scope="col" class="wide">Notes</th></tr></thead>
<tbody>${shown.map((one) => {
    const kinds = [
      count(one, 'restart') > 0 && 'restart',
      count(one, 'veto') > 0 && 'veto',
      one.remarks.length > 0 && 'remark',
      one.verdict.readiness,
    ].filter((kind) => kind !== false);
    return html`<tr data-row="${kinds.join(' ')}"><td class="mono">${one.name}</td><td class="number">${one.incidents.length}</td><td class="number">${count(one, 'restart')}</td><td class="number">${count(one, 'veto')}</td><td class="number">${count(one, 'escalate')}</td><td><span class="badge ${tones[one.verdict.readiness]}">${readinessWords[one.verdict.readiness]}</span></td><td class="wide muted">${notesOn(one).join(' ')}</td></tr>`;
  })}</tbody></table></div>
${sorted.length > shown.length && html`<p class="muted">${sorted.length - shown.length} more instances are not listed.</p>`}</section>`;
}

/** What else is known of an instance; what must be changed stands above the table. */
const notesOn = ({ verdict: { readiness, why }, remarks }: KeptResult): string[] =>
  readiness === 'change' ? remarks : [...why, ...remarks];

function plots({ name, plots: all = [], incidents, windows, verdict }: KeptResult, id: string): Html {
  return html`<section class="card"><h2 class="mono">${name}</h2>
${verdict.why.map((line) => html`<p class="story">${line}</p>`)}
${all.filter(({ points }) => points.length > 0).map((plot, i) => figure(plot, name, incidents, windows, `${id}-${i}`))}
${incidents.length > 0 && incidentTable(name, incidents)}</section>`;
}

function figure(
  plot: Plot,
  name: string,
  incidents: KeptResult['incidents'],
  windows: KeptResult['windows'],
  id: string,
): Html {
  const { metricName, points, scores, stepMs, threshold, alarms } = plot;
  const restarts = incidents.filter((one) => one.metricName === metricName && one.decision === 'restart');
  return html`<figure><figcaption><strong>${metricName}</strong></figcaption>
<ul class="key"><li><i class="alarm"></i>in ALARM</li>${restarts.length > 0 && html`<li><i class="act"></i>restart</li>`}${windows && windows.length > 0 && html`<li><i class="labelled"></i>labelled</li>`}</ul>
${drawChart({
  id,
  summary: `${metricName} of ${name}: ${plural(alarms.length, 'alarm')}, ${plural(restarts.length, 'restart')}`,
  points,
  stepMs,
  threshold,
  alarms,
  labelled: windows ?? [],
  marks: restarts.map(({ at }) => ({ at, text: '' })),
  ...(scores.length > 0 ? { scores: { points: scores, threshold: DEFAULT_THRESHOLD } } : {}),
  format: formatFor(metricName),
})}</figure>`;
}

function incidentTable(name: string, incidents: KeptResult['incidents']): Html {
  const shown = incidents.slice(0, 50);
  return html`<details><summary>${plural(incidents.length, 'alarm')}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Alarms of ${name}"><table><thead><tr><th scope="col">Time</th><th scope="col">Decision</th><th scope="col" class="number">Score</th><th scope="col">Reason</th></tr></thead>
<tbody>${shown.map(({ at, decision, reason, score, isTrue }) => html`<tr><td class="time">${moment(at)}</td><td><span class="badge ${words[decision].tone}">${words[decision].text}</span>${isTrue === undefined ? '' : isTrue ? ' labelled' : ' not labelled'}</td><td class="number">${score === null ? '' : score.toFixed(2)}</td><td>${reason}</td></tr>`)}</tbody></table></div>
${incidents.length > shown.length && html`<p class="muted">${incidents.length - shown.length} more are not listed.</p>`}</details>`;
}
