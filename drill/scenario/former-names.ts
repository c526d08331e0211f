const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `ailments` is the former name of `symptoms`, and `by: hand` of `by: manual`: existing scenarios keep working. */
export function withPresentNames(given: unknown): unknown {
  if (!isObject(given)) return given;
  const { places, starts } = given;
  return {
    ...given,
    ...withFleet(given),
    ...(Array.isArray(places)
      ? { places: places.map((one) => (isObject(one) ? { ...one, ...withFleet(one) } : one)) }
      : {}),
    ...(isObject(starts) && starts.by === 'hand' ? { starts: { ...starts, by: 'manual' } } : {}),
  };
}

const withFleet = ({ fleet }: Record<string, unknown>) =>
  Array.isArray(fleet) ? { fleet: fleet.map(ofInstance) } : {};

function ofInstance(spec: unknown): unknown {
  if (!isObject(spec) || !('ailments' in spec)) return spec;
  const { ailments, ...rest } = spec;
  return { ...rest, symptoms: ailments };
}
