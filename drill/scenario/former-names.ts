const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `ailments` is the former name of `symptoms`, and `by: hand` of `by: manual`: existing scenarios keep working. */
export function withPresentNames(given: unknown): unknown {
  if (!isObject(given)) return given;
  const { fleet, starts } = given;
  return {
    ...given,
    ...(Array.isArray(fleet) ? { fleet: fleet.map(ofInstance) } : {}),
    ...(isObject(starts) && starts.by === 'hand' ? { starts: { ...starts, by: 'manual' } } : {}),
  };
}

function ofInstance(spec: unknown): unknown {
  if (!isObject(spec) || !('ailments' in spec)) return spec;
  const { ailments, ...rest } = spec;
  return { ...rest, symptoms: ailments };
}
