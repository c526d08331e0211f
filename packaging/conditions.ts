/** What a condition of a template depends on. */
export interface Facts {
  /** How the template defines a condition; undefined where it does not. */
  definitionOf: (name: string) => unknown;
  /** Whether both operands of an `Fn::Equals` are the same; undefined where that is not known. */
  areEqual: (operands: unknown) => boolean | undefined;
}

/**
 * Whether a condition of CloudFormation holds, as far as its facts are known: a part that is not known leaves the answer open
 * only where it decides. Source: CloudFormation template reference, "Condition functions".
 * @returns undefined for what is not known, and for what is no condition. Pure.
 */
export function holds(node: unknown, facts: Facts): boolean | undefined {
  const [[name, given] = []] = Object.entries((node ?? {}) as Record<string, unknown>);
  if (name === 'Condition') return holds(facts.definitionOf(String(given)), facts);
  if (name === 'Fn::Equals') return facts.areEqual(given);
  if (!Array.isArray(given)) return undefined;
  const parts = given.map((one) => holds(one, facts));
  if (name === 'Fn::Not') return parts[0] === undefined ? undefined : !parts[0];
  if (name === 'Fn::And') return allOf(parts);
  if (name === 'Fn::Or') return anyOf(parts);
  return undefined;
}

function allOf(parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

function anyOf(parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(true)) return true;
  return parts.includes(undefined) ? undefined : false;
}
