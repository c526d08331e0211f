import { onEverything } from './actions';
import { anyValue, type Context, type GuardTags, namingNothing, neededKeys } from './contexts';
import type { Finding } from './least-privilege';
import type { Role } from './roles';
import { isAllowed, matches, type Request } from './simulate';

/**
 * Proves of each condition that it holds: a legitimate request that lacks one key of it, or has another value there, must
 * be denied. So must one that lacks a key which the product's rules ask for, whether or not a condition names it.
 * @param requests what the wearers of the role ask for, each with its legitimate context
 */
export async function findUnconditional(role: Role, requests: Request[], tags: GuardTags): Promise<Finding[]> {
  const findings = new Map<string, Finding>();
  for (const request of requests) {
    if (request.action in onEverything) continue;
    const written = conditionsOf(role, request);
    const keys = new Set([...neededKeys(request, tags, role.logicalId), ...Object.keys(written)]);
    // Most requests carry no condition, and need none.
    if (keys.size === 0 || !(await isAllowed(role.statements, request, role.arn))) continue;
    for (const { what, context } of [...keys].flatMap((key) => illegitimate(request, key, written[key] ?? []))) {
      const { action, resource } = request;
      const id = [what, action, resource].join();
      if (findings.has(id) || !(await isAllowed(role.statements, { action, resource, context }, role.arn))) continue;
      findings.set(id, { who: role.logicalId, what, action, resource });
    }
  }
  return [...findings.values()];
}

/** The keys of the conditions under which the role may allow the request, with the values that they name. */
function conditionsOf({ statements }: Role, { action, resource }: Request): Record<string, string[]> {
  const allowing = statements.filter(
    (one) =>
      one.Effect === 'Allow' && one.Action.includes(action) && one.Resource.some((arn) => matches(arn, resource)),
  );
  const written: Record<string, string[]> = {};
  for (const [operator, keys] of allowing.flatMap(({ Condition = {} }) => Object.entries(Condition))) {
    for (const [key, values] of Object.entries(keys)) {
      // What `Null` names is no value of the key.
      written[key] = [...(written[key] ?? []), ...(operator === 'Null' ? [] : [values].flat().map(String))];
    }
  }
  return written;
}

/** The context of a request with one key left out or wrong, and what it says of a policy that allows it all the same. */
function illegitimate({ context = {} }: Request, key: string, written: string[]): { what: string; context: Context }[] {
  const { [key]: value, ...without } = context;
  const lacking = value === undefined ? [] : [{ what: `is allowed without ${key}`, context: without }];
  if (key in anyValue) return lacking;
  const legitimate = value === undefined ? [] : [value].flat();
  // A value that the policy names and no request of the product has.
  const others = written.filter(
    (pattern) => pattern !== namingNothing[key] && !legitimate.some((one) => matches(pattern, one)),
  );
  const wrong = [...otherValues(legitimate[0]), ...others.map((pattern) => pattern.replace(/[*?]/g, 'foreign'))];
  const withValue = (given: string | string[]) => ({ ...without, [key]: given });
  return [
    ...lacking,
    ...wrong.map((one) => ({
      what: `is allowed where ${key} is ${one}`,
      context: withValue(Array.isArray(value) ? [one] : one),
    })),
    ...(Array.isArray(value)
      ? wrong.map((one) => ({ what: `is allowed where ${key} holds ${one}, too`, context: withValue([...value, one]) }))
      : []),
  ];
}

function otherValues(value: string | undefined): string[] {
  // The one list that may not name anything is that of an alarm's actions.
  if (value === undefined) return ['arn:aws:automate:us-east-1:ec2:terminate'];
  if (value === 'true') return ['false'];
  if (value.endsWith('.amazonaws.com')) return [value.replace(/^\w+/, 'lambda')];
  if (!value.startsWith('arn:')) return ['foreign'];
  // Of another kind, and another one of its kind.
  return ['arn:aws:lambda:us-east-1:111122223333:function:foreign', value.replace(/[^:/]*$/, 'foreign')];
}
