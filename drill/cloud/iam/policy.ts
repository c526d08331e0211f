import { z } from 'zod';
import { type ConditionValues, conditionsHold, matches } from './conditions';
import type { Statement } from './statement';

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat());

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
const version = z.literal('2012-10-17');
const listOf = <One extends z.ZodType>(one: One) =>
  z.union([one, z.array(one).min(1)]).transform((value) => [value].flat() as z.output<One>[]);

/** A policy of an identity or a session, as far as the simulated IAM reads it: a statement names actions and resources. */
export const policySchema = z.strictObject({
  Version: version,
  Statement: listOf(statement.extend({ Resource: oneOrMore })),
});

/** A role's trust policy: a statement names principals, and no resource. */
export const trustSchema = z.strictObject({
  Version: version,
  Statement: listOf(
    statement.extend({
      Principal: z.union([
        z.literal('*'),
        z.strictObject({ AWS: oneOrMore.optional(), Service: oneOrMore.optional() }),
      ]),
    }),
  ),
});

export type TrustPolicy = z.output<typeof trustSchema>;

/**
 * Whether a set of policies allows an action on a resource: one statement allows it and none denies it. Policy variables in
 * a Resource are filled in; one without a value matches nothing.
 * Source: IAM user guide, "Policy evaluation logic"; "IAM policy elements: Variables and tags".
 */
export function allows(
  statements: readonly Statement[],
  action: string,
  resource: string,
  values: ConditionValues,
): boolean {
  const about = statements.filter(
    ({ Action, Resource, Condition }) =>
      Action.some((one) => matches(one, action)) &&
      Resource.some((one) => isResource(one, resource, values)) &&
      conditionsHold(Condition, values),
  );
  return about.some(({ Effect }) => Effect === 'Allow') && !about.some(({ Effect }) => Effect === 'Deny');
}

function isResource(pattern: string, resource: string, values: ConditionValues): boolean {
  let isWhole = true;
  const filled = pattern.replace(/\$\{([^}]+)\}/g, (_all, key: string) => {
    const [value] = values(key.toLowerCase());
    isWhole &&= value !== undefined;
    return value ?? '';
  });
  return isWhole && matches(filled, resource);
}
