import { noveltyGap } from '../../functions/anomaly/detectors/novelty-gap';
import type { Frame } from '../../functions/anomaly/frame';
import { judge } from '../../functions/anomaly/judge';
import { actionWindows } from '../../functions/anomaly/left-out';
import { kindOf } from '../../functions/anomaly/metrics';
import { preprocess, type TimeWindow } from '../../functions/anomaly/preprocess';
import { choosePlan, rungOf } from '../../functions/guard/plan';
import type { Band, Point } from '../report/chart';
import { figuresOfAlarm } from './alarm-figures';
import { alarmHistory } from './alarm-history';
import { matchWindows } from './match-windows';
import type {
  BacktestIncident,
  Decision,
  InstanceResult,
  InstanceSeries,
  Plot,
  StageSettings,
  WatchingAlarm,
} from './model';

/** As in the step: 14 days of history, and 3 hours before the alarm in which the trouble may have started. */
const historyMs = 14 * 86_400_000;
const lookbackMs = 3 * 3_600_000;
/** The default for a single point: CloudWatch's basic monitoring. */
const defaultStepMs = 300_000;

interface Fired {
  alarm: WatchingAlarm;
  at: number;
  until?: number;
}

/**
 * Replays one instance's metrics: the alarms over its series, then for each alarm that fired the decision of scorer and
 * guards at that time, without any later data. Recorded metrics do not react to a restart.
 */
export function replayInstance(
  { name, series, remarks }: InstanceSeries,
  settings: StageSettings,
  labels?: readonly Band[],
): InstanceResult {
  const stepMs = stepOf(series.flatMap(({ times }) => (times.length > 1 ? [times] : [])));
  const frame = preprocess(series, { stepMs });
  const watched = alarmsFor(name, settings).filter(({ metricName }) =>
    series.some(({ metric }) => metric === metricName),
  );
  const history = watched.map((alarm) => {
    const { values } = frame.series.find(({ metric }) => metric === alarm.metricName)!;
    return { alarm, stretches: alarmHistory(alarm, frame.times, values, stepMs) };
  });
  const fired = history.flatMap(({ alarm, stretches }) =>
    stretches.map(({ from, to }): Fired => ({ alarm, at: from, ...(to === undefined ? {} : { until: to }) })),
  );
  const end = (frame.times.at(-1) ?? 0) + stepMs;
  const incidents = decide(
    fired.sort((a, b) => a.at - b.at),
    frame,
    settings,
  );
  const judged = labels ? matchWindows(labels, incidents) : { incidents };
  return {
    name,
    watched: history.map(({ alarm, stretches }) => figuresOfAlarm(alarm, frame, stretches, stepMs)),
    lengthMs: frame.times.length * stepMs,
    points: frame.series.reduce((sum, { values }) => sum + values.filter(Number.isFinite).length, 0),
    ...judged,
    plots: history.map(({ alarm, stretches }) =>
      plotOf(
        alarm,
        frame,
        stepMs,
        stretches.map(({ from, to = end }) => ({ from, to })),
      ),
    ),
    remarks: [...remarks, ...(watched.length === 0 ? ['no alarm of the stage watches its metrics'] : [])],
  };
}

/** The alarms of an instance: its own where the stage has some, else those that stand for every instance. */
function alarmsFor(name: string, { alarms }: StageSettings): WatchingAlarm[] {
  const own = alarms.filter(({ instanceId }) => instanceId === name);
  return own.length > 0 ? own : alarms.filter(({ instanceId }) => instanceId === undefined);
}

/** The usual distance between two points: the median, so that gaps do not matter. */
function stepOf(all: readonly (readonly number[])[]): number {
  const distances = all.flatMap((times) => times.slice(1).map((time, i) => time - times[i]!)).filter((one) => one > 0);
  return distances.sort((a, b) => a - b)[distances.length >> 1] ?? defaultStepMs;
}

function decide(fired: readonly Fired[], frame: Frame, settings: StageSettings): BacktestIncident[] {
  const incidents: BacktestIncident[] = [];
  const actions: Action[] = [];
  let openUntil = Number.NEGATIVE_INFINITY;
  for (const one of fired) {
    const refused = refusal(one, actions.at(-1), openUntil, settings);
    if (refused) {
      incidents.push({ ...baseOf(one), decision: 'cooldown', action: 'none', score: null, reason: refused });
      continue;
    }
    const found = watched(one, frame, settings, actions);
    openUntil = found.decidedAt;
    const incident = incidentOf(one, found);
    if (incident.decision === 'restart') actions.push({ at: found.decidedAt, rung: rungOf(found.plan.action) });
    incidents.push(incident);
  }
  return incidents;
}

interface Action {
  at: number;
  rung: number;
}

const baseOf = ({ alarm, at, until }: Fired) => ({
  at,
  ...(until === undefined ? {} : { until }),
  alarmName: alarm.name,
  metricName: alarm.metricName,
});

function refusal({ at }: Fired, last: Action | undefined, openUntil: number, { guard }: StageSettings) {
  const { cooldownMinutes } = guard;
  if (last && at - last.at < cooldownMinutes * 60_000) {
    const since = Math.round((at - last.at) / 60_000);
    return `Automation acted ${since} minutes before; the cooldown is ${cooldownMinutes} minutes.`;
  }
  return at < openUntil ? 'An earlier incident of this instance is still open.' : undefined;
}

type Found = ReturnType<typeof watched>;

function incidentOf(fired: Fired, { plan, score, decidedAt }: Found): BacktestIncident {
  const isOver = plan.action === 'watch';
  const decision = isOver ? 'recovered' : decisionOf(plan.conclusion?.code);
  const reasons = {
    recovered: `The alarm recovered by itself before anything was done. ${plan.reason}`,
    restart: `${plan.reason} ${score.explanation}`,
  };
  return {
    ...baseOf(fired),
    ...(decidedAt > fired.at ? { decidedAt } : {}),
    decision,
    action: isOver ? 'none' : plan.action,
    reason: decision === 'recovered' || decision === 'restart' ? reasons[decision] : plan.reason,
    score: score.score,
  };
}

/** What is decided in the end: while the plan is to watch, the alarm and its metrics are looked at again, as in the playbook. */
function watched({ alarm, at, until }: Fired, frame: Frame, { guard }: StageSettings, actions: readonly Action[]) {
  const end = frame.times.at(-1)!;
  const last = actions.at(-1);
  const leaveOut = actionWindows(
    actions.map((one) => one.at),
    at - lookbackMs,
  );
  for (let now = at; ; ) {
    const { seen, checks } = seenAt(frame, now, leaveOut);
    const asked = {
      metrics: [alarm.metricName],
      side: alarm.side ?? 'high',
      threshold: alarm.threshold,
      detector: guard.detector,
      firedAt: at,
      now,
      actedAt: actions.map((one) => one.at),
    };
    const score = judge(seen, checks, asked, at - lookbackMs);
    const plan = choosePlan({
      metricNames: [alarm.metricName],
      history: last ? { lastActionAt: new Date(last.at).toISOString(), lastRung: last.rung } : {},
      mode: 'act',
      ladderWindowMinutes: guard.ladderWindowMinutes,
      unknownScore: guard.unknownScore,
      isAsked: false,
      now: new Date(now),
      score,
    });
    if (plan.waitSeconds === undefined) return { plan, score, decidedAt: now };
    now += plan.waitSeconds * 1000;
    if (now >= (until ?? Number.POSITIVE_INFINITY) || now > end) return { plan, score, decidedAt: now };
  }
}

function decisionOf(code: string | undefined): Decision {
  if (code === undefined) return 'restart';
  if (code === 'wrong-threshold') return code;
  return code === 'score-veto' ? 'veto' : 'escalate';
}

/** The data that the scorer had at a given time: the points of the 14 days before, less what earlier actions ended. */
function seenAt({ times, series }: Frame, at: number, leaveOut: readonly TimeWindow[]): { seen: Frame; checks: Frame } {
  const to = firstAtOrAfter(times, at);
  const from = firstAtOrAfter(times, at - historyMs);
  const without = (values: Float64Array) => {
    for (const [begin, end] of leaveOut) {
      const first = Math.max(from, firstAtOrAfter(times, begin));
      const last = Math.min(to, firstAtOrAfter(times, end + 1));
      if (last > first) values.fill(Number.NaN, first - from, last - from);
    }
    return values;
  };
  const cut = (of: Frame['series']): Frame => ({
    times: times.subarray(from, to),
    series: of.map(({ metric, values }) => ({ metric, values: without(values.slice(from, to)) })),
  });
  return {
    seen: cut(series.filter(({ metric }) => kindOf(metric)?.judgedBy !== 'rule')),
    checks: cut(series.filter(({ metric }) => kindOf(metric)?.judgedBy === 'rule')),
  };
}

function firstAtOrAfter(times: Float64Array, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function plotOf({ metricName, threshold }: WatchingAlarm, frame: Frame, stepMs: number, alarms: Band[]): Plot {
  const series = frame.series.find(({ metric }) => metric === metricName)!;
  const isScored = kindOf(metricName)?.judgedBy === 'score';
  const scores = isScored ? noveltyGap.score({ times: frame.times, series: [series] }).scores : new Float64Array(0);
  const known = (numbers: Float64Array): Point[] =>
    [...numbers].flatMap((value, i): Point[] => (Number.isFinite(value) ? [[frame.times[i]!, value]] : []));
  return { metricName, threshold, stepMs, alarms, points: known(series.values), scores: known(scores) };
}
