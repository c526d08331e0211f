import { UnmodelledInputError } from '../errors';

interface SsmFilter {
  Key?: string | undefined;
  Values?: string[] | undefined;
  key?: string | undefined;
  value?: string | undefined;
}

/** The values of one filter of commands, if it is given. @throws UnmodelledInputError for a filter that is not modelled */
export function valuesOf(filters: readonly SsmFilter[] | undefined, key: string): string[] | undefined {
  const other = filters?.find((one) => !['DocumentName', 'InvokedAfter'].includes(one.key ?? ''));
  if (other) throw new UnmodelledInputError(`The simulated SSM does not model the filter '${other.key}'.`);
  const found = filters?.find((one) => one.key === key);
  return found && [found.value ?? []].flat();
}

/** The values of the one filter that is modelled. @throws UnmodelledInputError for any other */
export function onlyKey(filters: readonly SsmFilter[] | undefined, key: string): string[] {
  const other = filters?.find((one) => (one.Key ?? one.key) !== key);
  if (other) throw new UnmodelledInputError(`The simulated SSM does not model the filter '${other.Key ?? other.key}'.`);
  return (filters ?? []).flatMap((one) => one.Values ?? one.value ?? []);
}
