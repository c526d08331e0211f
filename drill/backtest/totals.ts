import type { BacktestIncident, Decision, FoundWindow, InstanceResult } from './model';

const weekMs = 7 * 86_400_000;

/** Running sums over instances, so that no instance needs to stay in memory. */
export interface Totals {
  instances: number;
  points: number;
  lengthMs: number;
  decisions: Record<Decision, number>;
  /** Only for instances with labels. */
  labelled: {
    instances: number;
    lengthMs: number;
    windows: number;
    windowsWithAlarm: number;
    windowsWithRestart: number;
    alarms: number;
    trueAlarms: number;
    restarts: number;
    trueRestarts: number;
    vetoes: number;
    trueVetoes: number;
    delaysMs: number[];
  };
}

export function noTotals(): Totals {
  const labelled = {
    instances: 0,
    lengthMs: 0,
    windows: 0,
    windowsWithAlarm: 0,
    windowsWithRestart: 0,
    alarms: 0,
    trueAlarms: 0,
    restarts: 0,
    trueRestarts: 0,
    vetoes: 0,
    trueVetoes: 0,
    delaysMs: [],
  };
  return {
    instances: 0,
    points: 0,
    lengthMs: 0,
    decisions: { restart: 0, recovered: 0, veto: 0, 'wrong-threshold': 0, escalate: 0, cooldown: 0 },
    labelled,
  };
}

export function addTo(totals: Totals, result: InstanceResult): void {
  totals.instances += 1;
  totals.points += result.points;
  totals.lengthMs += result.lengthMs;
  for (const { decision } of result.incidents) totals.decisions[decision] += 1;
  if (result.windows) addLabelled(totals.labelled, result, result.windows);
}

function addLabelled(
  labelled: Totals['labelled'],
  { incidents, lengthMs }: InstanceResult,
  windows: readonly FoundWindow[],
): void {
  const count = (test: (one: BacktestIncident) => boolean) => incidents.filter(test).length;
  labelled.instances += 1;
  labelled.lengthMs += lengthMs;
  labelled.windows += windows.length;
  labelled.windowsWithAlarm += windows.filter(({ alarmAt }) => alarmAt !== undefined).length;
  labelled.windowsWithRestart += windows.filter(({ restartAt }) => restartAt !== undefined).length;
  labelled.alarms += incidents.length;
  labelled.trueAlarms += count(({ isTrueAlarm }) => isTrueAlarm === true);
  labelled.restarts += count(({ decision }) => decision === 'restart');
  labelled.trueRestarts += count(({ decision, isTrue }) => decision === 'restart' && isTrue === true);
  labelled.vetoes += count(({ decision }) => decision === 'veto');
  labelled.trueVetoes += count(({ decision, isTrue }) => decision === 'veto' && isTrue === true);
  for (const { from, restartAt } of windows) if (restartAt !== undefined) labelled.delaysMs.push(restartAt - from);
}

/** Undefined if the divisor is zero. */
const ratio = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);

export interface Figures {
  instanceWeeks: number;
  alarms: number;
  restarts: number;
  vetoes: number;
  escalations: number;
  /** All restarts per instance-week: without labels, any of them may be false. */
  restartsPerWeek: number | undefined;
  labelled?: {
    windows: number;
    falseRestartsPerWeek: number | undefined;
    /** For alarms alone, and for what alarms and scorer together let through. */
    alarmPrecision: number | undefined;
    alarmRecall: number | undefined;
    precision: number | undefined;
    recall: number | undefined;
    /** Vetoes inside a window: needed restarts that were prevented. */
    wrongVetoes: number;
    vetoes: number;
    medianDelayMs: number | undefined;
  };
}

/** The figures derived from the sums. */
export function figuresOf({ lengthMs, decisions, labelled }: Totals): Figures {
  const alarms = Object.values(decisions).reduce((sum, one) => sum + one, 0);
  const delays = [...labelled.delaysMs].sort((a, b) => a - b);
  const figures: Figures = {
    instanceWeeks: lengthMs / weekMs,
    alarms,
    restarts: decisions.restart,
    vetoes: decisions.veto,
    escalations: decisions.escalate,
    restartsPerWeek: ratio(decisions.restart, lengthMs / weekMs),
  };
  if (labelled.instances === 0) return figures;
  const own = {
    windows: labelled.windows,
    falseRestartsPerWeek: ratio(labelled.restarts - labelled.trueRestarts, labelled.lengthMs / weekMs),
    alarmPrecision: ratio(labelled.trueAlarms, labelled.alarms),
    alarmRecall: ratio(labelled.windowsWithAlarm, labelled.windows),
    precision: ratio(labelled.trueRestarts, labelled.restarts),
    recall: ratio(labelled.windowsWithRestart, labelled.windows),
    wrongVetoes: labelled.trueVetoes,
    vetoes: labelled.vetoes,
    medianDelayMs: delays[delays.length >> 1],
  };
  return { ...figures, labelled: own };
}
