import type { Finding } from './least-privilege';
import { type Role, resourcesOf, type Stack } from './roles';
import { environmentOf, place } from './samples';

const action = 'iam:PassRole';

/** Roles that are passed: those of the stack by their own ARN, others only if the stage names them (`instanceRoles`). */
export function findPassed(role: Role, stack: Stack): Finding[] {
  const own = resourcesOf(stack, 'AWS::IAM::Role').map(({ arn }) => arn);
  const named = namedBy(stack).map((pattern) => `arn:aws:iam::${place.account}:role/${pattern}`);
  return role.statements
    .filter(({ Effect, Action }) => Effect === 'Allow' && Action.includes(action))
    .flatMap(({ Resource }) => Resource.filter((arn) => !own.includes(arn) && !named.includes(arn)))
    .map((resource) => ({
      who: role.logicalId,
      what: 'may pass a role that the stage does not name',
      action,
      resource,
    }));
}

function namedBy(stack: Stack): string[] {
  const told = resourcesOf(stack, 'AWS::Lambda::Function').flatMap(
    ({ properties }) => environmentOf(properties).INSTANCE_ROLES ?? [],
  );
  return told.flatMap((list) => list.split(','));
}
