import type {
  DescribeIamInstanceProfileAssociationsCommandInput,
  DescribeIamInstanceProfileAssociationsCommandOutput,
  ModifyInstanceAttributeCommandInput,
  ReplaceIamInstanceProfileAssociationCommandInput,
  ReplaceIamInstanceProfileAssociationCommandOutput,
} from '@aws-sdk/client-ec2';
import { type Environment, randomHex } from '../environment';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import { invalidParameter } from './errors';
import { applyFilters } from './filters';
import type { Fleet } from './fleet';
import type { Ec2Instance } from './instance';

/** Instance profiles by instance: a swap gives the association another id. */
class Profiles {
  private readonly ids = new Map<string, string>();

  constructor(private readonly environment: Pick<Environment, 'random'>) {}

  idOf(instance: Ec2Instance): string {
    return this.ids.get(instance.id) ?? this.renew(instance);
  }

  renew(instance: Ec2Instance): string {
    const id = `iip-assoc-${randomHex(this.environment.random, 17)}`;
    this.ids.set(instance.id, id);
    return id;
  }
}

/** Commands that change attributes of an instance. Source: EC2 API reference. */
export function attributeCommands(
  fleet: Fleet,
  environment: Pick<Environment, 'random'>,
): Record<string, CommandModel> {
  const profiles = new Profiles(environment);
  const withProfile = () => fleet.visible().filter(({ spec }) => spec.iamInstanceProfileArn !== undefined);
  const view = (instance: Ec2Instance) => ({
    AssociationId: profiles.idOf(instance),
    InstanceId: instance.id,
    IamInstanceProfile: { Arn: instance.spec.iamInstanceProfileArn, Id: 'AIPAEXAMPLE' },
    State: 'associated' as const,
  });
  return {
    ModifyInstanceAttribute: changes<ModifyInstanceAttributeCommandInput, object>((input, call) => {
      const [instance] = fleet.require([input.InstanceId ?? '']) as [Ec2Instance];
      const { DisableApiTermination, BlockDeviceMappings, ...others } = input;
      const unknown = Object.keys(others).filter((key) => key !== 'InstanceId');
      if (unknown.length > 0) throw invalidParameter(`The simulated EC2 does not change ${unknown.join(', ')}.`);
      if (DisableApiTermination && BlockDeviceMappings)
        throw serviceError('ec2', 'InvalidParameterCombination', 'Only one attribute can be modified at a time.');
      // Neither on nor off. Source: c7n#2083; EC2 user guide, "Enable termination protection".
      if (DisableApiTermination && instance.spec.spot)
        throw serviceError(
          'ec2',
          'UnsupportedOperation',
          "Modifying 'disableApiTermination' for spot instances is not supported.",
        );
      if (DisableApiTermination) instance.spec.disableApiTermination = DisableApiTermination.Value ?? false;
      for (const { DeviceName, Ebs } of BlockDeviceMappings ?? []) {
        const volume = instance.volumes.find(({ deviceName }) => deviceName === DeviceName);
        if (!volume) throw invalidParameter(`There is no device ${DeviceName}.`);
        volume.deleteOnTermination = Ebs?.DeleteOnTermination ?? true;
      }
      call.change(instance.id);
      return {};
    }),
    DescribeIamInstanceProfileAssociations: reads<
      DescribeIamInstanceProfileAssociationsCommandInput,
      DescribeIamInstanceProfileAssociationsCommandOutput
    >((input) => {
      const found = applyFilters(withProfile(), input.Filters, {
        'instance-id': ({ id }) => [id],
        state: () => ['associated'],
      });
      return { IamInstanceProfileAssociations: found.map(view) };
    }),
    ReplaceIamInstanceProfileAssociation: changes<
      ReplaceIamInstanceProfileAssociationCommandInput,
      ReplaceIamInstanceProfileAssociationCommandOutput
    >(({ AssociationId = '', IamInstanceProfile }, call) => {
      const instance = withProfile().find((one) => profiles.idOf(one) === AssociationId);
      if (!instance)
        throw serviceError(
          'ec2',
          'InvalidAssociationID.NotFound',
          `An invalid association-id of '${AssociationId}' was given`,
        );
      instance.spec.iamInstanceProfileArn = IamInstanceProfile?.Arn;
      profiles.renew(instance);
      call.change(instance.id);
      return { IamInstanceProfileAssociation: view(instance) };
    }),
  };
}
