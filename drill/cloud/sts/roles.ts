import { type ConditionValues, conditionsHold, matches } from '../iam/conditions';
import { allows, type TrustPolicy } from '../iam/policy';
import type { Statement } from '../iam/statement';

/** A role that others may take on. */
export interface Role {
  arn: string;
  account: string;
  name: string;
  trust: TrustPolicy;
  statements: readonly Statement[];
}

/** Who asks STS: a role, as `aws:PrincipalArn` has it, and its policies, which must all allow it; without any it may ask for all. */
export interface Principal {
  arn: string;
  account: string;
  organizationId?: string | undefined;
  policies?: readonly (readonly Statement[])[] | undefined;
  /** The source identity of its session, which stays through a chain of roles. */
  sourceIdentity?: string | undefined;
}

/**
 * Whether both sides allow an action of STS on a role: the caller's own policies and the role's trust policy. Between
 * accounts, neither is enough. Source: IAM user guide, "Cross-account policy evaluation logic".
 */
export function mayAssume(action: string, principal: Principal, role: Role, values: ConditionValues): boolean {
  const isAsked = (principal.policies ?? []).every((statements) => allows(statements, action, role.arn, values));
  return isAsked && isTrusted(action, principal, role, values);
}

function isTrusted(action: string, principal: Principal, { trust }: Role, values: ConditionValues): boolean {
  const about = trust.Statement.filter(
    ({ Action, Principal, Condition }) =>
      Action.some((one) => matches(one, action)) && isNamed(Principal, principal) && conditionsHold(Condition, values),
  );
  return about.some(({ Effect }) => Effect === 'Allow') && !about.some(({ Effect }) => Effect === 'Deny');
}

/**
 * An account's ID or root stands for every principal of it; no wildcard stands in the ARN of a principal.
 * Source: IAM user guide, "AWS JSON policy elements: Principal".
 */
function isNamed(named: TrustPolicy['Statement'][number]['Principal'], { arn, account }: Principal): boolean {
  if (named === '*') return true;
  return (named.AWS ?? []).some(
    (one) =>
      one === '*' || one === arn || one === account || /^arn:[\w-]+:iam::(\d{12}):root$/.exec(one)?.[1] === account,
  );
}
