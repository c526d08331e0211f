import type { ScenarioInput } from '../scenario/schema';
import { seededRandom } from '../stack/ids';
import { account } from '../stack/place';
import type { Fault } from './faults';
import { twin } from './places';
import { between, maybe, pick, type Random } from './random';
import { spokeFaults, stsFaults, troubles } from './spoke-faults';

type Place = NonNullable<ScenarioInput['places']>[number];
type Fleet = NonNullable<ScenarioInput['fleet']>;

/** The first is also the spoke of the catalogue's scenarios: a stage with it alone is packaged already. */
export const spokeAccounts = ['210987654321', '321098765432', '432109876543'] as const;

/** Where something happens: in a spoke, in one and in the own account at once, or in the own account alone. */
const aims = ['spoke', 'spoke', 'spoke', 'both', 'own'] as const;

/**
 * Listed spokes in a quarter of all drills, each with an instance of the same ID as the first of the own account, and what
 * happens and goes wrong there. Drawn apart from the rest, which is the same without it.
 */
export function drawSpokes(seed: number, scenario: ScenarioInput, commands: readonly string[]): ScenarioInput {
  const random = seededRandom(seed + 13_000_027);
  const [first, ...others] = scenario.fleet ?? [];
  const isTaken = scenario.places?.some(({ listed }) => listed === false) || scenario.account?.logGroups?.length;
  if (random() >= 0.25 || !first || isTaken) return scenario;
  const aim = pick(random, aims);
  const acted = between(random, 1, 3);
  const fleet = [{ ...first, instanceId: twin }, ...others];
  const byAlarm = isByAlarm(scenario);
  const spokes = spokeAccounts.slice(0, acted === 1 ? 1 : 3).map((id, index): Place => {
    const isActedIn = aim !== 'own' && index < acted;
    const twins = [asIn(id, isActedIn || !byAlarm ? fleet[0]! : healthy(fleet[0]!))];
    const storm = isActedIn && byAlarm ? maybe(random, 0.06, () => ({ ...twins[0]!, ...many(random) })) : [];
    const goesWrong = isActedIn ? troubles(random, commands, index === 0) : {};
    return {
      account: id,
      fleet: [...twins, ...storm],
      managed: scenario.account?.managed,
      ...goesWrong,
      faults: [...(goesWrong.faults ?? []), ...(isActedIn ? spokeFaults(random, scenario.faults ?? []) : [])],
    };
  });
  return {
    ...scenario,
    ...(aim === 'own' ? {} : begun(scenario, aim, random)),
    fleet: aim === 'spoke' && byAlarm ? fleet.map(healthy) : fleet,
    places: [...(scenario.places ?? []), ...spokes],
    faults: [...(scenario.faults ?? []), ...(aim === 'own' ? [] : ofSts(random, acted))],
  };
}

const isByAlarm = ({ starts }: ScenarioInput) => starts === undefined || starts.by === 'alarm';

const healthy = ({ symptoms: _none, ...instance }: Fleet[number]): Fleet[number] => instance;

/** More instances with the same symptom, enough for a storm of alarms. */
const many = (random: Random) => ({ instanceId: undefined, count: between(random, 10, 18) });

/** The same in another account: what belongs to it is of that account. */
const asIn = <T>(id: string, what: T): T => JSON.parse(JSON.stringify(what).replaceAll(account, id)) as T;

const ofSts = (random: Random, acted: number): Fault[] =>
  maybe(random, 0.3, () => pick(random, stsFaults)(random, spokeAccounts[between(random, 0, acted - 1)]!));

/** The same beginning in the first spoke; if something happens in both, the own account keeps its own. */
function begun(scenario: ScenarioInput, aim: 'spoke' | 'both', random: Random): Partial<ScenarioInput> {
  const [id] = spokeAccounts;
  const { starts, playbook = 'restart-instance', answers = [], follows = [] } = scenario;
  if (starts === undefined || starts.by === 'alarm') return {};
  if (aim === 'both') {
    const also = {
      playbook,
      afterMinutes: between(random, 0, 5),
      input: { ...inputOf(starts), place: { account: id } },
    };
    return { follows: [also, ...follows], answers: answers.flatMap((one) => [one, one]) };
  }
  if (starts.by === 'manual') return { starts: { ...starts, input: { ...starts.input, place: { account: id } } } };
  if (starts.by !== 'event') return {};
  return { starts: { ...starts, account: id, events: asIn(id, starts.events) } };
}

/** What a person who starts the playbook says besides. */
const inputOf = (starts: NonNullable<ScenarioInput['starts']>): Record<string, unknown> => ({
  instanceId: '{instance}',
  ...(starts.by === 'manual' ? starts.input : {}),
});
