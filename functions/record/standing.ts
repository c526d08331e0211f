import { placeRefusals } from '../place/codes';
import { type Code, factsOf, isGuardRefusal } from './codes';
import type { Conclusion } from './conclusion';
import type { NewIncident } from './incident';

type Begun = Pick<NewIncident, 'playbook' | 'trigger'>;

const containing = ['isolate-instance', 'block-traffic'];

/** Ends, apart from guard refusals, after which the threat is still not contained. */
const alsoStanding: readonly Code[] = [
  ...placeRefusals,
  'storm',
  'no-instance',
  'several-instances',
  'no-single-address',
  'no-blocks-there',
  'finding-not-found',
  'finding-contradicted',
  'finding-archived-since',
  'group-full',
  'not-a-cidr',
  'would-isolate',
  'would-block',
];

/** What to do if the playbook did not contain a threat; the catalogue's advice on the code is about restarts. */
const todos: Partial<Record<Code, string>> = {
  protected: 'find out who set the tag; remove it and start the playbook, or contain it yourself',
  'not-opted-in': 'tag the instance and start the playbook, or contain it yourself',
  'kill-switch-on': 'turn the kill switch off and start the playbook, or contain it yourself',
  'mode-is-observe': 'set `mode: act` and start the playbook, or contain it yourself',
  'would-isolate': 'set `mode: act` and start the playbook, or contain it yourself',
  'would-block': 'set `mode: act` and start the playbook, or contain it yourself',
  'lease-lost': 'find out which incident has the instance now, and start the playbook again',
  'several-instances': 'start the playbook for each instance, or contain them yourself',
  'too-wide': 'start the playbook with a narrower range, or contain it yourself',
  'never-block': 'contain the instance instead, or take the range off neverBlock and start the playbook',
  'own-range': 'look for the attacker in your network: the range is yours',
  'wrong-account': "put the account on the stage's list, or contain it yourself",
  'wrong-region': 'deploy the stage in that region too, or contain it yourself',
  'place-not-listed': "put the account on the stage's list, or contain it yourself",
  'finding-not-found': 'find out who sent the event, and contain it yourself',
  'finding-contradicted': 'read the finding in GuardDuty, and start the playbook for what it names',
  'finding-archived-since': 'find out who archived it, and start the playbook if the threat is real',
  'place-contradicted': 'find out where it comes from, and contain it yourself',
};

/**
 * Whether a finding or an alarm needed containment, a rule refused, and the threat is still not contained. Duplicates,
 * samples and denied requests do not count. Pure.
 */
export function isLeftStanding({ playbook, trigger }: Begun, { outcome, code }: Conclusion): boolean {
  if (!containing.includes(playbook) || (trigger !== 'finding' && trigger !== 'alarm')) return false;
  if (outcome !== 'SKIPPED' && outcome !== 'OBSERVED') return false;
  if (alsoStanding.includes(code)) return true;
  return isGuardRefusal(code) && !factsOf(code).isReportedElsewhere;
}

/** The same end as an escalation, with what to do. */
export function asStanding({ code, reason }: Conclusion): Conclusion {
  const todo = (todos[code] ?? 'contain it yourself').replaceAll('`', '');
  return { outcome: 'ESCALATED', code, reason: `${reason} Nothing was contained: ${todo}.` };
}

/** The same for every instance of the fleet, so that one of them is told. */
export const isOfFleet = ({ code }: Conclusion): boolean =>
  code === 'starts-fail-here' ||
  code === 'health-issue-open' ||
  code === 'group-full' ||
  code === 'too-many-isolations';

/** Whether an end recurs with every finding, or with every alarm of a zone, so that one notice per hour is enough. Pure. */
export const isReportedOnce = (incident: Begun, conclusion: Conclusion): boolean =>
  conclusion.outcome === 'ESCALATED' &&
  (isOfFleet(conclusion) || isLeftStanding(incident, { ...conclusion, outcome: 'SKIPPED' }));
