import { z } from 'zod';
import type { StackResource } from '../../drill/stack/template';

/** A resolved stack: logical id to resource, as the drill resolves the packaged template. */
export type Stack = Map<string, StackResource>;

const list = z.union([z.string(), z.array(z.string())]).transform((value) => (Array.isArray(value) ? value : [value]));
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: list,
  Resource: list,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
/** One IAM statement; `NotAction` and `NotResource` are refused, since they allow what nobody named. */
export type Statement = z.output<typeof statementSchema>;

const roleSchema = z.object({
  PermissionsBoundary: z.unknown().optional(),
  AssumeRolePolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }),
  ManagedPolicyArns: z.array(z.string()).default([]),
  Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) })).default([]),
});

/** One role of the stack and everything it is allowed. */
export interface Role {
  logicalId: string;
  arn: string;
  hasBoundary: boolean;
  managedPolicies: string[];
  statements: Statement[];
}

/**
 * The roles of a stack by their ARN.
 * @throws ZodError naming the place when a policy is not as expected
 */
export function rolesOf(stack: Stack): Map<string, Role> {
  const roles = resourcesOf(stack, 'AWS::IAM::Role').map(({ logicalId, arn, properties }): Role => {
    const { ManagedPolicyArns, Policies, PermissionsBoundary } = roleSchema.parse(properties, {
      error: () => `in role ${logicalId}`,
    });
    const statements = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const hasBoundary = PermissionsBoundary !== undefined;
    return { logicalId, arn, hasBoundary, managedPolicies: ManagedPolicyArns, statements };
  });
  return new Map(roles.map((role) => [role.arn, role]));
}

/** The resources of one type, in the template's order. */
export function resourcesOf(stack: Stack, type: string): StackResource[] {
  return [...stack.values()].filter((resource) => resource.type === type);
}

/** Instances wear a role by an instance profile; the stack itself calls nothing under it. */
export function isWorn({ arn }: { arn: string }, stack: Stack): boolean {
  const profiles = resourcesOf(stack, 'AWS::IAM::InstanceProfile').flatMap(({ properties }) => properties.Roles);
  return profiles.some((name) => arn.endsWith(`:role/${name}`));
}

/** A chat channel has a role of its own, under which nothing of the stack runs. */
export function isOfChannel({ arn }: { arn: string }, stack: Stack): boolean {
  return [...stack.values()].some(
    ({ type, properties }) => /^AWS::Chatbot::\w+ChannelConfiguration$/.test(type) && properties.IamRoleArn === arn,
  );
}
