import { endsWell } from '../record/outcomes';
import { type ChangeBefore, changeBefore } from './change-before';
import {
  alarmIn,
  alarmOf,
  inAccount,
  type PlacedAlarm,
  type ReviewRecord,
  wasActedOn,
  wasNeedless,
  wasTrouble,
} from './record';

/** An instance that needs help again and again: its cause is not fixed. */
export interface RepeatOffender {
  instanceId: string;
  acted: number;
  /** Incidents that did not end well although automation acted, or that needed a person. */
  notHelped: number;
  incidentIds: string[];
  /** The days on which they were opened, as `2026-11-24`, without duplicates. */
  days: string[];
  /** The change that came before most of them, if there is one. */
  changeBefore?: ChangeBefore;
}

/** An alarm that often fires without need. */
export interface NoisyAlarm extends PlacedAlarm {
  incidents: number;
  needless: number;
}

/** A veto soon followed by real trouble on the same instance. */
export interface WrongVeto {
  incidentId: string;
  instanceId: string;
  vetoedAt: string;
  followedBy: string;
  followedAt: string;
}

const leastActions = 3;
const leastNeedless = 3;
const needlessShare = 0.5;
const vetoWindowMs = 6 * 3_600_000;

/** Instances with an action (or a would-be action), or that needed a person, at least three times in the period, worst first. */
export function repeatOffenders(records: readonly ReviewRecord[]): RepeatOffender[] {
  const counted = records.filter((one) => one.instanceId && wasTrouble(one));
  return [...groupBy(counted, (one) => inAccount(one, one.instanceId!))]
    .filter(([, group]) => group.length >= leastActions)
    .map(([instanceId, group]) => ({
      instanceId,
      ...withChange(changeBefore(group)),
      acted: group.filter(wasActedOn).length,
      notHelped: group.filter(({ outcome }) => !endsWell(outcome)).length,
      incidentIds: group.map(({ incidentId }) => incidentId),
      days: [...new Set(group.map(({ openedAt }) => openedAt.slice(0, 10)))].sort(),
    }))
    .sort((a, b) => b.incidentIds.length - a.incidentIds.length || a.instanceId.localeCompare(b.instanceId));
}

const withChange = (found: ChangeBefore | undefined) => (found ? { changeBefore: found } : {});

/** Alarms with at least three incidents that needed no action, and at least half of them. Unjudged incidents count as needed. */
export function noisyAlarms(records: readonly ReviewRecord[]): NoisyAlarm[] {
  const counted = records.filter(({ alarmName }) => alarmName);
  return [...groupBy(counted, (one) => alarmIn(alarmOf(one)!)).values()]
    .map((group) => ({
      ...alarmOf(group[0]!)!,
      incidents: group.length,
      needless: group.filter(wasNeedless).length,
    }))
    .filter(({ incidents, needless }) => needless >= leastNeedless && needless / incidents >= needlessShare)
    .sort((a, b) => b.needless - a.needless || alarmIn(a).localeCompare(alarmIn(b)));
}

/** Vetoes followed within six hours, on the same instance, by trouble with an action or an escalation. */
export function wrongVetoes(records: readonly ReviewRecord[]): WrongVeto[] {
  const byTime = [...records].sort((a, b) => a.openedAt.localeCompare(b.openedAt));
  return byTime.flatMap((veto, index) => {
    if (veto.code !== 'score-veto' || !veto.instanceId) return [];
    const until = Date.parse(veto.openedAt) + vetoWindowMs;
    const next = byTime
      .slice(index + 1)
      .find((one) => nameOf(one) === nameOf(veto) && wasTrouble(one) && Date.parse(one.openedAt) <= until);
    if (!next) return [];
    const { incidentId, openedAt: vetoedAt } = veto;
    return [{ incidentId, instanceId: nameOf(veto), vetoedAt, followedBy: next.incidentId, followedAt: next.openedAt }];
  });
}

const nameOf = (one: ReviewRecord) => inAccount(one, one.instanceId ?? '');

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
