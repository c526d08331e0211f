import { type Group, type ToldCode, toldCodeOf } from '../enrolment/alarm-kinds';
import type { Conclusion } from '../record/conclusion';

/** What stands on the escalation ladder. */
export type Rung = 'reboot' | 'stop-start' | 'page';

/** `watch`: nothing yet; the alarm and its metrics are looked at again. */
export type Action = Rung | 'watch';

/** Earlier automated actions on an instance. */
export interface InstanceHistory {
  lastActionAt?: string;
  /** The highest rung of the escalation ladder used: 1 reboot, 2 stop and start, 3 a person. */
  lastRung?: number;
  /** When automation acted, ISO 8601, oldest first; the last action of each incident, at most 20. */
  actedAt?: string[];
}

export interface PlanFacts {
  metricNames: readonly string[];
  history: InstanceHistory;
  mode: 'observe' | 'act';
  ladderWindowMinutes: number;
  now: Date;
  score: { verdict: string; explanation: string; waitSeconds?: number | undefined };
  /** What an unknown score means for an alarm, unless a person started the run. */
  unknownScore: 'escalate' | 'act';
  /** A manual start or an explicit drill: a person has already decided. */
  isAsked: boolean;
  /** What differs for the alarms of the instance's group. */
  group?: Group;
}

export interface Plan {
  action: Action;
  reason: string;
  conclusion?: Conclusion;
  /** Of `watch`: how long until the alarm and its metrics are looked at again. */
  waitSeconds?: number;
}

/** Whatever the score, the ladder or the mode say. */
const toldSentences: Record<ToldCode, string> = {
  'disk-full':
    'A disk of the instance is nearly full, which no restart changes. The instance was left running; the alarm names the disk.',
  'memory-full':
    'The memory of the instance is nearly full. A restart would hide the cause, so the instance was left running.',
  'process-missing':
    'A process of the instance is missing, or there are fewer of it than there should be. The instance was left running; the alarm names the process.',
};

const rungs: readonly Rung[] = ['reboot', 'stop-start', 'page'];

/** The rung of an action, 1 to 3. */
export const rungOf = (action: Action) => rungs.indexOf(action as Rung) + 1;

/** The score's objection, if any. It can only veto or escalate; a person's decision overrides a veto. */
function objection({ score, unknownScore, isAsked }: PlanFacts): Conclusion | undefined {
  const { verdict, explanation } = score;
  if (verdict === 'escalate') return { outcome: 'ESCALATED', code: 'score-escalates', reason: explanation };
  if (isAsked) return undefined;
  if (verdict === 'wrong-threshold') return { outcome: 'SKIPPED', code: 'wrong-threshold', reason: explanation };
  if (verdict === 'veto') return { outcome: 'SKIPPED', code: 'score-veto', reason: explanation };
  if (verdict === 'act' || (verdict === 'unknown' && unknownScore === 'act')) return undefined;
  return {
    outcome: 'ESCALATED',
    code: 'score-unknown',
    reason: `The metrics do not show whether there is trouble: ${explanation}`,
  };
}

/**
 * Picks the rung: reboot if only the guest failed (StatusCheckFailed_Instance, memory, processes), otherwise stop and start, which moves the
 * instance to another host. A repeat within the ladder window goes one rung up; the last rung is a person.
 * Source: EC2 user guide "Create alarms that stop, terminate, reboot, or recover an instance".
 */
export function choosePlan(facts: PlanFacts): Plan {
  const { history, score } = facts;
  const told = toldCodeOf(facts.metricNames, facts.group);
  if (told) {
    const reason = toldSentences[told];
    return { action: 'page', reason, conclusion: { outcome: 'ESCALATED', code: told, reason } };
  }
  if (score.waitSeconds !== undefined && !facts.isAsked)
    return { action: 'watch', reason: watchSentence(score.explanation), waitSeconds: score.waitSeconds };
  const conclusion = objection(facts);
  if (conclusion) return { action: 'page', reason: conclusion.reason, conclusion };
  const first = isOfGuest(facts.metricNames) ? 1 : 2;
  const isRepeat =
    history.lastActionAt !== undefined &&
    facts.now.getTime() - Date.parse(history.lastActionAt) < facts.ladderWindowMinutes * 60_000;
  const rung = isRepeat ? Math.min(3, Math.max(first, (history.lastRung ?? 0) + 1)) : first;
  const action = rungs[rung - 1]!;
  const because = isRepeat
    ? `automation last acted at ${history.lastActionAt} (rung ${history.lastRung})`
    : `this is the first rung of the escalation ladder`;
  return withConclusion(action, because, facts.mode);
}

/** Another host would change nothing: the instance status check, or what the agent reports from inside. */
const isOfGuest = (metricNames: readonly string[]) =>
  metricNames.includes('StatusCheckFailed_Instance') || toldCodeOf(metricNames) !== undefined;

const watchSentence = (why: string) =>
  `${why} It may end by itself, so nothing is done yet: alarm and metrics are read again every five minutes, for up to an hour after the alarm.`;

function withConclusion(action: Rung, because: string, mode: PlanFacts['mode']): Plan {
  if (action === 'page') {
    const reason = `The escalation ladder is exhausted: ${because}. Find the cause; there will be no more restarts.`;
    return { action, reason, conclusion: { outcome: 'ESCALATED', code: 'ladder-end', reason } };
  }
  const words = action === 'reboot' ? 'reboot the instance' : 'stop and start the instance';
  if (mode === 'observe') {
    const reason = `Observe mode: automation would ${words}, because ${because}.`;
    return { action, reason, conclusion: { outcome: 'OBSERVED', code: `would-${action}`, reason } };
  }
  return { action, reason: `Automation will ${words}, because ${because}.` };
}
