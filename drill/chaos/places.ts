import type { ScenarioInput } from '../scenario/schema';
import { seededRandom } from '../stack/ids';
import { pick } from './random';

type Drawn = Pick<ScenarioInput, 'fleet' | 'places'>;
type Place = NonNullable<ScenarioInput['places']>[number];

/** The ID that is planted in every place of a drill that has several. */
export const twin = 'i-0123456789abcdef0';

/** The own account in another region, an account with a symptom of its own, and one where all is well. */
const places: readonly ((symptoms: NonNullable<ScenarioInput['fleet']>[number]['symptoms']) => Place)[] = [
  () => ({ account: '123456789012', region: 'eu-west-1', fleet: [{ instanceId: twin }] }),
  (symptoms) => ({ account: '210987654321', listed: false, fleet: [{ instanceId: twin, symptoms }] }),
  () => ({ account: '210987654321', listed: false, fleet: [{ instanceId: twin }] }),
];

/**
 * Further places in one of ten drills, with the same instance ID as the first of the fleet. Drawn apart from the rest, which
 * is the same without it.
 */
export function drawPlaces(seed: number, { fleet = [] }: Drawn): Drawn {
  const random = seededRandom(seed + 11_000_027);
  const [first, ...others] = fleet;
  if (random() >= 0.1 || !first) return {};
  return { fleet: [{ ...first, instanceId: twin }, ...others], places: [pick(random, places)(first.symptoms)] };
}
