import type {
  DeleteRolePolicyCommandInput,
  GetInstanceProfileCommandInput,
  PutRolePolicyCommandInput,
} from '@aws-sdk/client-iam';
import { serviceError } from '../errors';
import { changes, reads, type ServiceModel } from '../service';

/** Simulated IAM: each instance profile has a role of the same name, and roles have inline policies. Source: IAM API reference. */
export class IamModel implements ServiceModel {
  readonly service = 'iam';
  readonly policies = new Map<string, string>();

  readonly commands: ServiceModel['commands'] = {
    GetInstanceProfile: reads<GetInstanceProfileCommandInput, object>(({ InstanceProfileName = '' }) => ({
      InstanceProfile: { InstanceProfileName, Roles: [{ RoleName: InstanceProfileName }] },
    })),
    PutRolePolicy: changes<PutRolePolicyCommandInput, object>(({ RoleName, PolicyName, PolicyDocument = '' }, call) => {
      this.policies.set(`${RoleName}/${PolicyName}`, PolicyDocument);
      call.change(String(RoleName));
      return {};
    }),
    DeleteRolePolicy: changes<DeleteRolePolicyCommandInput, object>(({ RoleName, PolicyName }, call) => {
      if (!this.policies.delete(`${RoleName}/${PolicyName}`))
        throw serviceError('iam', 'NoSuchEntityException', `The role policy with name ${PolicyName} cannot be found.`);
      call.change(String(RoleName));
      return {};
    }),
  };
}
