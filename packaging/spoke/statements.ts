import { type Capability, needsInstance } from '../../functions/place/capabilities';
import { PlaybookError } from '../../functions/shared/errors';
import { holds } from '../conditions';
import type { Resource } from '../references';
import { referredTo } from '../references';
import { capabilityOf, roleIdOf } from './hub';

/** A right that a function has over the fleet cannot be given in a spoke; the message names function and resource. */
export class SpokeStatementError extends PlaybookError {}

export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** The hub's packaged template. */
export interface HubTemplate {
  Resources: Record<string, Resource>;
  Conditions?: Record<string, unknown>;
  Parameters?: Record<string, { Default?: unknown }>;
}

/** Services that know the fleet; records, notices, evidence and machines stay in the hub. */
export const ofTheFleet =
  /^(autoscaling|cloudtrail|cloudwatch|codedeploy|ec2|elasticloadbalancing|guardduty|iam|kms|ssm):/;
/** What the roles template has of its own under the same names as the hub's. */
export const ownResources = ['QuarantineProfile', 'QuarantineRole'];

/**
 * What the role of a capability may do in a spoke: all that the functions with the capability may do to the fleet in the hub's
 * own account, so that one place in the code says both. In all regions, since the role is there once an account.
 * @throws SpokeStatementError when a right is about a resource that only the hub has
 */
export function statementsOf(capability: Capability, template: HubTemplate): Statement[] {
  const { Resources } = template;
  const merged = new Map<string, Statement>();
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    if (Type !== 'AWS::Lambda::Function' || capabilityOf(Properties) !== capability) continue;
    const policies = Resources[roleIdOf(Properties)]?.Properties?.Policies as { PolicyDocument: unknown }[];
    const statements = policies
      .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: unknown[] }).Statement)
      .flatMap((one) => underCondition(one, template));
    for (const statement of statements.flatMap((one) => inSpoke(one, capability, id))) {
      const { Action, ...rest } = statement;
      const known = merged.get(JSON.stringify(rest));
      merged.set(JSON.stringify(rest), { ...rest, Action: sorted([...(known?.Action ?? []), ...Action]) });
    }
  }
  return [...merged.values()].map(({ Effect, Action, ...rest }) => ({ Effect, Action, ...rest }));
}

/** A statement that the stage has: rights that it does not need are under a condition that does not hold. */
function underCondition(statement: unknown, template: HubTemplate): Statement[] {
  const { 'Fn::If': choice } = statement as { 'Fn::If'?: [string, Statement, unknown] };
  if (!choice) return [statement as Statement];
  return isMet(choice[0], template) ? [choice[1]] : [];
}

/** Whether a condition of the hub holds with the defaults of its parameters. */
function isMet(name: string, { Conditions = {}, Parameters = {} }: HubTemplate): boolean {
  const textOf = (node: unknown) => {
    const { Ref } = (node ?? {}) as { Ref?: string };
    return String(Ref === undefined ? node : Parameters[Ref]?.Default);
  };
  const answer = holds(
    { Condition: name },
    {
      definitionOf: (other) => Conditions[other],
      areEqual: (operands) => textOf((operands as unknown[])[0]) === textOf((operands as unknown[])[1]),
    },
  );
  if (answer === undefined) throw new SpokeStatementError(`The condition ${name} has what is not known here.`);
  return answer;
}

const sorted = (actions: string[]) => [...new Set(actions)].sort();

function inSpoke({ Effect, Action, Resource, Condition }: Statement, capability: Capability, id: string): Statement[] {
  const actions = [Action].flat().filter((action) => ofTheFleet.test(action) || action === '*');
  const mentioned = referredTo([Resource, Condition]).filter((name) => !name.startsWith('AWS') && name !== '');
  const foreign = mentioned.filter((name) => !ownResources.includes(name));
  // The key of the notices is the hub's.
  const left = foreign.includes('NoticesKey') ? actions.filter((action) => !action.startsWith('kms:')) : actions;
  if (left.length === 0) return [];
  if (foreign.length > 0)
    throw new SpokeStatementError(`${id}: ${left.join()} is about ${foreign.join()}, which no spoke has.`);
  const isBound = Effect === 'Allow' && needsInstance(capability);
  return [
    {
      Effect,
      Action: left,
      Resource: eachText(Resource, (text) => (isBound ? toOwnInstance(everyRegion(text)) : everyRegion(text))),
      ...(Condition ? { Condition: conditionIn(Condition) } : {}),
    },
  ];
}

const everyRegion = (text: string) => text.replaceAll('${AWS::Region}', '*');

/** The instance that the session is for: a variable of IAM, not of CloudFormation; without the tag it matches nothing. */
const toOwnInstance = (text: string) => text.replace(/:instance\/\*$/, ':instance/${!aws:PrincipalTag/instance}');

/** A value that held for the hub's region holds for any here, which takes a pattern. */
function conditionIn(condition: NonNullable<Statement['Condition']>): NonNullable<Statement['Condition']> {
  const out: Record<string, Record<string, unknown>> = {};
  for (const [operator, keys] of Object.entries(condition)) {
    for (const [key, value] of Object.entries(keys)) {
      const text = JSON.stringify(value);
      const isOfRegion = text.includes('${AWS::Region}');
      const name = isOfRegion && operator === 'StringEquals' ? 'StringLike' : operator;
      out[name] = { ...out[name], [key]: eachText(value, everyRegion) };
    }
  }
  return out;
}

/** The texts of `Fn::Sub` in a part of a template, replaced. */
function eachText(node: unknown, replace: (text: string) => string): unknown {
  if (Array.isArray(node)) return node.map((one) => eachText(one, replace));
  if (typeof node !== 'object' || node === null) return node;
  const { 'Fn::Sub': text } = node as { 'Fn::Sub'?: unknown };
  if (typeof text === 'string') {
    const replaced = replace(text);
    return replaced.includes('${') ? { 'Fn::Sub': replaced } : replaced;
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, eachText(value, replace)]));
}
