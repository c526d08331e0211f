import { type Code, factsOf, isGuardRefusal } from './codes';
import type { Conclusion } from './conclusion';
import type { NewIncident } from './incident';

type Begun = Pick<NewIncident, 'playbook' | 'trigger'>;

const containing = ['isolate-instance', 'block-traffic'];

/** Ends besides the guards' refusals after which what was to be contained still stands. */
const alsoStanding: readonly Code[] = [
  'storm',
  'no-instance',
  'no-single-address',
  'not-a-cidr',
  'would-isolate',
  'would-block',
];

/** What a person does where the playbook left something open; the catalogue's word on the code is about restarts. */
const todos: Partial<Record<Code, string>> = {
  protected: 'find out who set the tag; take it off and start the playbook, or contain it yourself',
  'not-opted-in': 'tag the instance and start the playbook, or contain it yourself',
  'kill-switch-on': 'turn the kill switch off and start the playbook, or contain it yourself',
  'mode-is-observe': 'set `mode: act` and start the playbook, or contain it yourself',
  'would-isolate': 'set `mode: act` and start the playbook, or contain it yourself',
  'would-block': 'set `mode: act` and start the playbook, or contain it yourself',
  'lease-lost': 'find out which incident has the instance now, and start the playbook again',
  'too-wide': 'start the playbook with a narrower range, or contain it yourself',
  'own-range': 'look for the attacker inside: the range is yours',
};

/**
 * Whether a finding or an alarm asked for containment, a rule said no, and so what was found still stands. Duplicates,
 * samples, and what a person denied are not that. Pure.
 */
export function isLeftStanding({ playbook, trigger }: Begun, { outcome, code }: Conclusion): boolean {
  if (!containing.includes(playbook) || (trigger !== 'finding' && trigger !== 'alarm')) return false;
  if (outcome !== 'SKIPPED' && outcome !== 'OBSERVED') return false;
  if (alsoStanding.includes(code)) return true;
  return isGuardRefusal(code) && !factsOf(code).isToldElsewhere;
}

/** The same end, as what it is for whoever has to contain it: a person is called, and told what to do. */
export function asStanding({ code, reason }: Conclusion): Conclusion {
  const todo = (todos[code] ?? 'contain it yourself').replaceAll('`', '');
  return { outcome: 'ESCALATED', code, reason: `${reason} Nothing was contained: ${todo}.` };
}

/** Whether an end is one that comes again with every finding, so that one notice an hour tells it. Pure. */
export const isToldOnce = (incident: Begun, conclusion: Conclusion): boolean =>
  conclusion.outcome === 'ESCALATED' && isLeftStanding(incident, { ...conclusion, outcome: 'SKIPPED' });
