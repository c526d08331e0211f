import type {
  DeleteRolePolicyCommandInput,
  GetInstanceProfileCommandInput,
  PutRolePolicyCommandInput,
} from '@aws-sdk/client-iam';
import { serviceError } from '../errors';
import { changes, reads, type ServiceModel } from '../service';

interface Policy {
  /** `role/name`. */
  key: string;
  roleName: string;
  document: string;
  /** From when and until when it is in force everywhere, epoch ms. */
  from: number;
  until: number;
}

interface Profile {
  name: string;
  roleName: string;
  arn: string;
  /** Epoch ms; what a drill begins with has been there for ever. */
  madeAt: number;
}

/** Characters of all inline policies of a role, white space aside. Source: IAM user guide, "IAM and AWS STS quotas". */
const policyCharacters = 10_240;
/** Until a new profile is known everywhere, in ms; the waiter InstanceProfileExists looks for 40 s. */
const visibleAfterMs = 10_000;

/** Simulated IAM: instance profiles, each with one role, and inline policies of roles. Source: IAM API reference. */
export class IamModel implements ServiceModel {
  readonly service = 'iam';
  /** The policies as they were written last, by `role/name`. */
  readonly policies = new Map<string, string>();
  /**
   * Seconds until a policy that was written or deleted counts everywhere; seconds to minutes.
   * Source: IAM user guide, "Changes that I make are not always immediately visible".
   */
  spreadSeconds = 10;
  private readonly written: Policy[] = [];
  private readonly profiles = new Map<string, Profile>();

  /** Notes a profile that an instance or the stack comes with. By default its role has its name. */
  seed(arn: string, roleName = nameOf(arn)): void {
    if (!this.profiles.has(arn)) this.add(arn, roleName, Number.NEGATIVE_INFINITY);
  }

  /** Makes a profile now: it is known a while later. */
  create(arn: string, roleName = nameOf(arn)): void {
    this.add(arn, roleName, Date.now());
  }

  /** Whether a profile exists and is known everywhere by now. */
  isKnown(arn: string): boolean {
    const found = this.profiles.get(arn);
    return found !== undefined && Date.now() - found.madeAt >= visibleAfterMs;
  }

  /** Whether a session of a role that began at `issuedAt` (epoch ms) may do nothing by now: its revocation is in force. */
  isRevoked(roleName: string, issuedAt: number): boolean {
    const now = Date.now();
    return this.written
      .filter((policy) => policy.roleName === roleName && policy.from <= now && now < policy.until)
      .some(({ document }) => deniesSessionsBefore(document) > issuedAt);
  }

  /** A policy takes the place of the one of its name, which counts until then. */
  private write(key: string, roleName: string, document: string | undefined): void {
    const from = Date.now() + this.spreadSeconds * 1000;
    for (const policy of this.written) {
      if (policy.until === Number.POSITIVE_INFINITY && policy.key === key) policy.until = from;
    }
    if (document !== undefined) this.written.push({ key, roleName, document, from, until: Number.POSITIVE_INFINITY });
  }

  readonly commands: ServiceModel['commands'] = {
    GetInstanceProfile: reads<GetInstanceProfileCommandInput, object>(({ InstanceProfileName = '' }) => {
      const found = [...this.profiles.values()].find(
        ({ name, arn }) => name === InstanceProfileName && this.isKnown(arn),
      );
      if (!found) throw missing(`Instance Profile ${InstanceProfileName} cannot be found.`);
      const { arn: Arn, roleName: RoleName } = found;
      return { InstanceProfile: { InstanceProfileName, Arn, Roles: [{ RoleName }] } };
    }),
    PutRolePolicy: changes<PutRolePolicyCommandInput, object>((input, call) => {
      const { RoleName = '', PolicyName = '', PolicyDocument = '' } = input;
      this.assertRole(RoleName);
      const own = `${RoleName}/${PolicyName}`;
      const others = [...this.policies].filter(([key]) => key.startsWith(`${RoleName}/`) && key !== own);
      const size = [PolicyDocument, ...others.map(([, text]) => text)].join('').replace(/\s/g, '').length;
      if (size > policyCharacters)
        throw serviceError(
          'iam',
          'LimitExceededException',
          `Maximum policy size of ${policyCharacters} bytes exceeded for role ${RoleName}`,
          409,
        );
      this.policies.set(own, PolicyDocument);
      this.write(own, RoleName, PolicyDocument);
      call.change(RoleName);
      return {};
    }),
    DeleteRolePolicy: changes<DeleteRolePolicyCommandInput, object>(({ RoleName = '', PolicyName }, call) => {
      const own = `${RoleName}/${PolicyName}`;
      if (!this.policies.delete(own)) throw missing(`The role policy with name ${PolicyName} cannot be found.`);
      this.write(own, RoleName, undefined);
      call.change(RoleName);
      return {};
    }),
  };

  private add(arn: string, roleName: string, madeAt: number): void {
    this.profiles.set(arn, { arn, name: nameOf(arn), roleName, madeAt });
  }

  private assertRole(roleName: string): void {
    if ([...this.profiles.values()].some((one) => one.roleName === roleName)) return;
    throw missing(`The role with name ${roleName} cannot be found.`);
  }
}

/**
 * Until when sessions are denied everything that began before; -Infinity if the policy denies none.
 * Source: IAM user guide, "Revoking IAM role temporary security credentials".
 */
function deniesSessionsBefore(document: string): number {
  const { Statement = [] } = JSON.parse(document) as {
    Statement?: { Effect?: string; Condition?: { DateLessThan?: Record<string, string> } }[];
  };
  const times = Statement.filter(({ Effect }) => Effect === 'Deny').map(({ Condition }) =>
    Date.parse(Condition?.DateLessThan?.['aws:TokenIssueTime'] ?? ''),
  );
  return Math.max(Number.NEGATIVE_INFINITY, ...times.filter((time) => !Number.isNaN(time)));
}

/** The last part of an ARN with or without a path. */
const nameOf = (arn: string) => arn.split('/').at(-1)!;
const missing = (message: string) => serviceError('iam', 'NoSuchEntityException', message, 404);
