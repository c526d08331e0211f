import type { PlaceFact, RunFacts } from './facts';
import { allRecords } from './records';

/** What the hub keeps for all of its places: no call of these is about an instance. */
const ofHub = /^(dynamodb|events|s3|sns|states|sts)$/;

/** Whether something is in a place; what does not say where is in the own one. */
export const isIn = (place: PlaceFact, own: PlaceFact) => (one: Partial<PlaceFact>) =>
  (one.account ?? own.account) === place.account && (one.region ?? own.region) === place.region;

/**
 * A run as it looks from each of its places: the instances there, their incidents and the calls that went there, since the
 * same ID is another instance elsewhere. What the hub keeps besides belongs to every place.
 */
export function byPlace(facts: RunFacts): RunFacts[] {
  const { own, instances, calls, issues } = facts;
  if (!own) return [facts];
  const placed = instances.map(({ account = own.account, region = own.region }) => ({ account, region }));
  const places = [own, ...placed].filter(
    (place, index, all) => all.findIndex((other) => isIn(place, own)(other)) === index,
  );
  return places.map((place) => {
    const isHere = isIn(place, own);
    const others = allRecords(facts).filter((record) => !isHere(placeOf(record, own)));
    const theirs = new Set(others.map(({ executionId }) => executionId));
    return {
      ...facts,
      items: facts.items.filter((item) => !others.includes(item)),
      executions: facts.executions.filter(({ id }) => !theirs.has(id)),
      instances: instances.filter(isHere),
      calls: calls.filter((call) => ofHub.test(call.service) || isHere(call)),
      ...(issues && { issues: issues.filter(isHere) }),
    };
  });
}

/** The place that a record names; without one it is the stage's own. */
export const placeOf = (record: Record<string, unknown>, own: PlaceFact): PlaceFact =>
  (record.place as PlaceFact | undefined) ?? own;

/** Whether a call is about the fleet, and not about what the hub keeps. */
export const isOfFleet = ({ service }: { service: string }) => !ofHub.test(service);
