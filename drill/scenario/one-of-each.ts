import { account as ownAccount, region as ownRegion } from '../stack/place';

interface Instances {
  instanceId?: string | undefined;
  count: number;
}
interface PlaceName {
  account: string;
  region?: string | undefined;
}
interface Named {
  fleet: readonly Instances[];
  places: readonly (PlaceName & { fleet: readonly Instances[] })[];
  expect: { places?: readonly PlaceName[] | undefined };
}

/** A mistake in a scenario: the field, and what is wrong with it. */
interface Mistake {
  path: (string | number)[];
  message: string;
}

const nameOf = ({ account, region = ownRegion }: PlaceName) => `${account} in ${region}`;
const own = nameOf({ account: ownAccount });

/**
 * What a scenario names twice, or expects of a place that it does not have: one of two instances with the same ID would
 * silently be lost, and nothing is ever changed in a place that is not there. Pure.
 */
export function notOneOfEach({ fleet, places, expect }: Named): Mistake[] {
  const names = [own, ...places.map(nameOf)];
  return [
    ...sameIds(fleet, ['fleet']),
    ...places.flatMap((place, at) => [
      ...(names.indexOf(nameOf(place)) < at + 1
        ? [{ path: ['places', at], message: `the place ${nameOf(place)} is there already` }]
        : []),
      ...sameIds(place.fleet, ['places', at, 'fleet']),
    ]),
    ...(expect.places ?? []).flatMap((place, at) =>
      names.includes(nameOf(place))
        ? []
        : [{ path: ['expect', 'places', at], message: `the scenario has no place ${nameOf(place)}` }],
    ),
  ];
}

function sameIds(fleet: readonly Instances[], path: (string | number)[]): Mistake[] {
  const ids = fleet.map(({ instanceId }) => instanceId);
  return fleet.flatMap(({ instanceId, count }, at) =>
    instanceId !== undefined && (count > 1 || ids.indexOf(instanceId) < at)
      ? [{ path: [...path, at], message: `only one instance of a place can have the ID ${instanceId}` }]
      : [],
  );
}
