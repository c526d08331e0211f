import type { StackResource } from '../../drill/stack/template';
import type { Finding } from './least-privilege';
import { type Role, resourcesOf, type Stack } from './roles';

/** What may stand in the stack of IAM: a role whose rights are written in it, and a profile by which an instance wears one. */
const expected = ['AWS::IAM::Role', 'AWS::IAM::InstanceProfile'];

/** A policy that nobody in the stack wears: people are given it, and tools/template/checks/access.ts judges it. */
const isForPeople = ({ type, properties }: StackResource) =>
  type === 'AWS::IAM::ManagedPolicy' &&
  ['Roles', 'Users', 'Groups'].every((name) => ((properties[name] ?? []) as unknown[]).length === 0);

/** Rights that no look at a role's own statements would see: policies of their own, users, groups, boundaries, foreign roles. */
export function findOutsideRoles(stack: Stack, roles: Map<string, Role>): Finding[] {
  const names = [...roles.keys()].map((arn) => arn.split('/').pop());
  const others = [...stack.values()].filter(
    (one) => one.type.startsWith('AWS::IAM::') && !expected.includes(one.type) && !isForPeople(one),
  );
  return [
    ...others.map(({ logicalId, type }) => ({ who: logicalId, what: 'gives rights outside a role', action: type })),
    ...[...roles.values()]
      .filter(({ hasBoundary }) => hasBoundary)
      .map(({ logicalId }) => ({ who: logicalId, what: 'has a boundary that nobody evaluates here', action: '-' })),
    ...resourcesOf(stack, 'AWS::IAM::InstanceProfile').flatMap(({ logicalId, properties }) =>
      ((properties.Roles ?? []) as string[])
        .filter((name) => !names.includes(name))
        .map((name) => ({ who: logicalId, what: 'wears a role outside the stack', action: name })),
    ),
  ];
}
