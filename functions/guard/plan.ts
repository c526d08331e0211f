import type { Conclusion } from '../record/conclusion';

export type Action = 'reboot' | 'stop-start' | 'page';

/** What is known of earlier automation on an instance. */
export interface InstanceHistory {
  lastActionAt?: string;
  /** The highest rung of the ladder that was used: 1 reboot, 2 stop and start, 3 a person. */
  lastRung?: number;
  /** When automation acted, ISO 8601, oldest first; the last of each incident, and no more than 20. */
  actedAt?: string[];
}

export interface PlanFacts {
  metricNames: readonly string[];
  history: InstanceHistory;
  mode: 'observe' | 'act';
  ladderWindowMinutes: number;
  now: Date;
  score: { verdict: string; explanation: string };
  /** What a score that knows nothing means for an alarm that nobody asked about. */
  unknownScore: 'escalate' | 'act';
  /** Started by hand, or an explicit drill: a person has decided already. */
  isAsked: boolean;
}

export interface Plan {
  action: Action;
  reason: string;
  conclusion?: Conclusion;
}

const rungs: readonly Action[] = ['reboot', 'stop-start', 'page'];

/** The rung an action stands on, 1 to 3. */
export const rungOf = (action: Action) => rungs.indexOf(action) + 1;

/** What the score says against acting, if anything. It can only veto or escalate; a person's word stands above a veto. */
function objection({ score, unknownScore, isAsked }: PlanFacts): Conclusion | undefined {
  const { verdict, explanation } = score;
  if (verdict === 'escalate') return { outcome: 'ESCALATED', code: 'score-escalates', reason: explanation };
  if (isAsked) return undefined;
  if (verdict === 'veto') return { outcome: 'SKIPPED', code: 'score-veto', reason: explanation };
  if (verdict === 'act' || (verdict === 'unknown' && unknownScore === 'act')) return undefined;
  return {
    outcome: 'ESCALATED',
    code: 'score-unknown',
    reason: `The metrics do not say whether there is trouble: ${explanation}`,
  };
}

/**
 * Picks the rung: reboot where only the guest failed (StatusCheckFailed_Instance), else stop and start, which moves the host.
 * A repeat inside the ladder window goes one rung up, and the last rung is a person.
 * Source: EC2 user guide "Create alarms that stop, terminate, reboot, or recover an instance".
 */
export function choosePlan(facts: PlanFacts): Plan {
  const { history } = facts;
  const conclusion = objection(facts);
  if (conclusion) return { action: 'page', reason: conclusion.reason, conclusion };
  const first = facts.metricNames.includes('StatusCheckFailed_Instance') ? 1 : 2;
  const isRepeat =
    history.lastActionAt !== undefined &&
    facts.now.getTime() - Date.parse(history.lastActionAt) < facts.ladderWindowMinutes * 60_000;
  const rung = isRepeat ? Math.min(3, Math.max(first, (history.lastRung ?? 0) + 1)) : first;
  const action = rungs[rung - 1]!;
  const because = isRepeat
    ? `automation last acted at ${history.lastActionAt} (rung ${history.lastRung})`
    : `it is the first rung for this alarm`;
  return withConclusion(action, because, facts.mode);
}

function withConclusion(action: Action, because: string, mode: PlanFacts['mode']): Plan {
  if (action === 'page') {
    const reason = `The ladder is at its end: ${because}, so a person has to look.`;
    return { action, reason, conclusion: { outcome: 'ESCALATED', code: 'ladder-end', reason } };
  }
  const words = action === 'reboot' ? 'reboot the instance' : 'stop and start the instance';
  if (mode === 'observe') {
    const reason = `Observe mode: it would ${words}, since ${because}.`;
    return { action, reason, conclusion: { outcome: 'OBSERVED', code: `would-${action}`, reason } };
  }
  return { action, reason: `It will ${words}, since ${because}.` };
}
