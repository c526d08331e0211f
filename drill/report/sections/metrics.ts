import { z } from 'zod';
import { type Band, drawChart, type Mark } from '../chart';
import { spanOf } from '../end';
import { changesOf } from '../figures';
import { type Html, html } from '../html';
import type { ReportInput } from '../input';
import { clock, formatFor, plural, toneOf } from '../words';

type Metric = ReportInput['metrics'][number];

/** What a plot shows before the alarm at least, and after the end. */
const leastLeadMs = 30 * 60_000;
const leastTailMs = 4 * 60_000;

/** The maximum number of alarms shown for a fleet. */
const mostFigures = 6;

const signs: Record<string, string> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '≥',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};

const scoreSchema = z.object({
  incident: z.object({
    alarm: z.object({ alarmName: z.string() }).optional(),
    score: z.object({
      verdict: z.string(),
      score: z.number().nullable(),
      threshold: z.number(),
      explanation: z.string(),
      reasons: z.array(z.string()).default([]),
    }),
  }),
});
type Score = z.output<typeof scoreSchema>['incident']['score'];

/** The metrics of the alarms that fired: threshold, time in ALARM, score and actions. */
export function metrics(input: ReportInput): Html | undefined {
  if (input.metrics.length === 0) return undefined;
  const wentOff = input.metrics.filter(
    ({ alarmName, points }) => points.length > 0 && bandsOf(input, alarmName).length > 0,
  );
  const quiet = input.metrics.length - wentOff.length;
  const shown = wentOff.slice(0, mostFigures);
  const left = wentOff.length - shown.length;
  return html`<section class="card"><h2>The metrics</h2>
${shown.map((metric, i) => figure(input, metric, `metric${i}`))}
${left > 0 && html`<p class="muted">${plural(left, 'more alarm')} fired; ${left === 1 ? 'its metric is' : 'their metrics are'} not shown.</p>`}
${wentOff.length === 0 && html`<p class="muted">No alarm on a metric fired.</p>`}
${quiet > 0 && html`<p class="muted">${plural(quiet, 'alarm')} did not fire.</p>`}
</section>`;
}

function figure(input: ReportInput, metric: Metric, id: string): Html {
  const { alarmName, metricName, dimensions, threshold, comparison, points } = metric;
  const format = formatFor(metricName);
  const { from, to } = windowOf(input, alarmName);
  const bands = bandsOf(input, alarmName, to).filter((band) => band.to > from);
  const score = scoreOf(input, alarmName);
  const summary = `${metricName} over time, threshold ${format(threshold)}, in alarm ${bands.map(({ from, to }) => `from ${clock(from)} to ${clock(to)}`).join(' and ')}`;
  const marks = marksOf(input, dimensions.InstanceId).filter(({ at }) => at >= from);
  const step = points[1] && points[0] ? points[1].at - points[0].at : 60_000;
  return html`<figure><figcaption><strong>${metricName}</strong> <span class="muted">of ${Object.values(dimensions).join(', ')}: alarm ${alarmName}, ${signs[comparison] ?? comparison} ${format(threshold)}</span></figcaption>
<ul class="key"><li><i class="alarm"></i>in ALARM</li>${marks.length > 0 && html`<li><i class="act"></i>actions</li>`}</ul>
${drawChart({
  id,
  summary,
  from,
  to,
  points: points.flatMap(({ at, value }) => (at >= from ? [[at, value] as const] : [])),
  stepMs: step,
  threshold,
  alarms: bands,
  marks,
  format,
})}
${score && scoreLine(score)}</figure>`;
}

function scoreLine({ verdict, score, threshold, explanation, reasons }: Score): Html {
  const number = score === null ? 'no score' : `score ${score.toFixed(2)}, anomaly threshold ${threshold}`;
  return html`<p><span class="badge ${verdict === 'act' ? 'good' : 'warn'}">scorer: ${verdict}</span> <span class="muted">${number}.</span> ${explanation}</p>
${reasons.length > 0 && html`<details><summary>All findings of the scorer</summary><ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul></details>`}`;
}

/** The periods in ALARM, until the alarm ended or the plot does. */
function bandsOf({ alarms, endedAt }: ReportInput, alarmName: string, until = endedAt): Band[] {
  const own = alarms.filter((one) => one.alarmName === alarmName);
  return own.flatMap(({ state, at }, i) => (state === 'ALARM' ? [{ from: at, to: own[i + 1]?.at ?? until }] : []));
}

/** What led up to the incident, the whole of it, and a while after its end. */
function windowOf(input: ReportInput, alarmName: string): Band {
  const bands = bandsOf(input, alarmName);
  const { from, to } = spanOf(input);
  const first = Math.min(from, ...bands.slice(0, 1).map((band) => band.from));
  const last = Math.max(to, ...bands.slice(-1).map((band) => band.to));
  const length = last - first;
  return { from: first - Math.max(leastLeadMs, length), to: last + Math.max(leastTailMs, length * 0.08) };
}

/** What was done to the instance, and how its incident ended. */
function marksOf(input: ReportInput, instanceId: string | undefined): Mark[] {
  const ends = input.incidents.flatMap(({ instanceId: own, closedAt, outcome = 'closed' }) =>
    closedAt !== undefined && own === instanceId
      ? [{ at: Date.parse(closedAt), text: outcome, tone: toneOf(outcome) }]
      : [],
  );
  return [...actionsOf(input, instanceId), ...ends.slice(0, 3)];
}

function actionsOf(input: ReportInput, instanceId: string | undefined): Mark[] {
  return changesOf(input)
    .filter(
      ({ resources, service }) => service === 'ec2' && (instanceId === undefined || resources.includes(instanceId)),
    )
    .slice(0, 6)
    .map(({ at, command }) => ({ at, text: command }));
}

/** The score in the first execution that this alarm started. */
function scoreOf({ executions }: ReportInput, alarmName: string): Score | undefined {
  for (const { history } of executions) {
    for (const event of history) {
      if (event.type !== 'StateExited') continue;
      const parsed = scoreSchema.safeParse(event.output);
      if (parsed.success && parsed.data.incident.alarm?.alarmName === alarmName) return parsed.data.incident.score;
    }
  }
  return undefined;
}
