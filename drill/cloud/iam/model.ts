import type {
  DeleteRolePolicyCommandInput,
  GetInstanceProfileCommandInput,
  PutRolePolicyCommandInput,
} from '@aws-sdk/client-iam';
import { serviceError } from '../errors';
import { changes, reads, type ServiceModel } from '../service';

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
  readonly policies = new Map<string, string>();
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
      call.change(RoleName);
      return {};
    }),
    DeleteRolePolicy: changes<DeleteRolePolicyCommandInput, object>(({ RoleName = '', PolicyName }, call) => {
      if (!this.policies.delete(`${RoleName}/${PolicyName}`))
        throw missing(`The role policy with name ${PolicyName} cannot be found.`);
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

/** The last part of an ARN with or without a path. */
const nameOf = (arn: string) => arn.split('/').at(-1)!;
const missing = (message: string) => serviceError('iam', 'NoSuchEntityException', message, 404);
