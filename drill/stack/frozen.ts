/** Freezes plain data through and through, so that whoever is given it again finds it as it was. Returns it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}

/** Makes something of frozen data once and keeps it; of data that may still change it is made anew each time. */
export function madeOnce<From extends object, Made>(make: (from: From) => Made): (from: From) => Made {
  const kept = new WeakMap<From, Made>();
  return (from) => {
    if (!Object.isFrozen(from)) return make(from);
    const made = kept.get(from) ?? make(from);
    kept.set(from, made);
    return made;
  };
}
