import { arnOf } from '../cloud/arn';
import { actionOf } from '../cloud/iam/action';
import { allows } from '../cloud/iam/policy';
import type { ServiceName } from '../cloud/service';
import { isIn, isOfFleet, placeOf } from './by-place';
import { changesOf, madeBy } from './changes';
import type { CallFact, PlaceFact, RunFacts, Violation } from './facts';
import { recordOf } from './records';

/**
 * O: every change is made in the place of its incident, which is the place of the event that started it; in another account
 * only with a session for this incident, narrowed to its instance. So the same ID in another place is never touched.
 */
export function onlyInOwnPlace(facts: RunFacts): Violation[] {
  const { own } = facts;
  if (!own) return [];
  return changesOf(facts)
    .filter(isOfFleet)
    .flatMap((call) =>
      [...elsewhere(call, own, facts), ...tooWide(call, own, facts)].map((how) => violation(call, own, how)),
    );
}

function elsewhere(call: CallFact, own: PlaceFact, facts: RunFacts): string[] {
  const record = recordOf(facts, madeBy(call));
  const origin = facts.executions.find(({ id }) => id === madeBy(call))?.origin;
  const wrong = (place: PlaceFact) => !isIn(place, own)(call);
  return [
    ...(record && wrong(placeOf(record, own)) ? [`but its incident is of ${named(placeOf(record, own))}`] : []),
    ...(origin === 'none' ? ['although its alarm watches a metric of another account'] : []),
    ...(origin && origin !== 'none' && wrong(origin) ? [`but its event is of ${named(origin)}`] : []),
  ];
}

/** What a change in another account needs: a session for its incident and its instance, or one for alarms. */
function tooWide(call: CallFact, own: PlaceFact, facts: RunFacts): string[] {
  if ((call.account ?? own.account) === own.account) return [];
  const { session } = call;
  if (!session) return ['without a session of a role of that account'];
  const record = recordOf(facts, madeBy(call));
  if (!record) return session.roleName.endsWith('-alarms') ? [] : ['without an incident'];
  const { incident, instance } = session.tags;
  return [
    ...(incident === record.incidentId ? [] : [`in a session for the incident ${incident}, not ${record.incidentId}`]),
    ...(instance === record.instanceId ? [] : [`in a session for the instance ${instance}, not ${record.instanceId}`]),
    ...(session.policy ? [] : ['in a session without a policy of its own']),
    ...(session.policy && reachesOthers(call, own) ? ['in a session that may do the same to another instance'] : []),
  ];
}

/** An ID that no instance of a drill has. */
const otherId = 'i-0ffffffffffffffff';

/** Whether the session policy allows the call's action on any other instance of the account too. */
function reachesOthers({ service, command, session, ...at }: CallFact, own: PlaceFact): boolean {
  const { account = own.account, region = own.region } = at;
  const arn = arnOf({ account, region }, 'ec2', `instance/${otherId}`);
  const action = actionOf({ service: service as ServiceName, command });
  const tags = (key: string) => {
    const [, name = ''] = /^aws:principaltag\/(.*)$/.exec(key) ?? [];
    return session?.tags[name] === undefined ? [] : [session.tags[name]];
  };
  return /^(ec2|ssm)$/.test(service) && allows(session?.policy ?? [], action, arn, tags);
}

const named = ({ account, region }: PlaceFact) => `account ${account} in ${region}`;

const violation = (call: CallFact, own: PlaceFact, how: string): Violation => {
  const { command, seq, resources, account = own.account, region = own.region } = call;
  return {
    invariant: 'O',
    what: `${command} (call ${seq}) changed ${resources.join(', ')} in ${named({ account, region })} ${how}`,
  };
};
