import type {
  DescribeIamInstanceProfileAssociationsCommandInput,
  DescribeIamInstanceProfileAssociationsCommandOutput,
  ModifyInstanceAttributeCommandInput,
  ModifyInstanceMetadataOptionsCommandInput,
  ModifyInstanceMetadataOptionsCommandOutput,
  ReplaceIamInstanceProfileAssociationCommandInput,
  ReplaceIamInstanceProfileAssociationCommandOutput,
} from '@aws-sdk/client-ec2';
import { type Environment, randomHex } from '../environment';
import { serviceError } from '../errors';
import { type CommandModel, changes, reads } from '../service';
import type { Consistency } from './consistency';
import { invalidParameter } from './errors';
import { applyFilters } from './filters';
import type { Fleet } from './fleet';
import type { Ec2Instance } from './instance';
import { metadataView } from './views';

/** Whether an instance profile is known to EC2 by now. */
export type IsProfileKnown = (arn: string) => boolean;

/** Instance profiles by instance: a swap gives the association another id, and is under way for some seconds. */
class Profiles {
  private readonly associations = new Map<string, { id: string; since: number }>();

  constructor(
    private readonly environment: Pick<Environment, 'random'>,
    private readonly consistency: Consistency,
  ) {}

  idOf(instance: Ec2Instance): string {
    return this.of(instance).id;
  }

  /** Source: EC2 API reference, IamInstanceProfileAssociation, State. */
  stateOf(instance: Ec2Instance): 'associating' | 'associated' {
    const { id, since } = this.of(instance);
    return this.consistency.isSeen(id, since) ? 'associated' : 'associating';
  }

  renew(instance: Ec2Instance): void {
    this.associations.set(instance.id, { id: this.draw(), since: Date.now() });
  }

  private of(instance: Ec2Instance): { id: string; since: number } {
    const known = this.associations.get(instance.id) ?? { id: this.draw(), since: Number.NEGATIVE_INFINITY };
    this.associations.set(instance.id, known);
    return known;
  }

  private draw(): string {
    return `iip-assoc-${randomHex(this.environment.random, 17)}`;
  }
}

/** Commands that change attributes of an instance. Source: EC2 API reference. */
export function attributeCommands(
  fleet: Fleet,
  environment: Pick<Environment, 'random'>,
  consistency: Consistency,
  isKnown: IsProfileKnown,
): Record<string, CommandModel> {
  const profiles = new Profiles(environment, consistency);
  const withProfile = () => fleet.visible().filter(({ spec }) => spec.iamInstanceProfileArn !== undefined);
  const view = (instance: Ec2Instance) => ({
    AssociationId: profiles.idOf(instance),
    InstanceId: instance.id,
    IamInstanceProfile: { Arn: instance.spec.iamInstanceProfileArn, Id: 'AIPAEXAMPLE' },
    State: profiles.stateOf(instance),
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
      const changed: (() => void)[] = [];
      if (DisableApiTermination)
        changed.push(() => {
          instance.spec.disableApiTermination = DisableApiTermination.Value ?? false;
        });
      for (const { DeviceName, Ebs } of BlockDeviceMappings ?? []) {
        const volume = instance.volumes.find(({ deviceName }) => deviceName === DeviceName);
        if (!volume)
          throw serviceError('ec2', 'InvalidInstanceAttributeValue', `No device is currently mapped at ${DeviceName}`);
        changed.push(() => {
          volume.deleteOnTermination = Ebs?.DeleteOnTermination ?? true;
        });
      }
      instance.changeAttributes(() => {
        for (const change of changed) change();
      });
      call.change(instance.id);
      return {};
    }),
    // What is left out stays as it is. Source: EC2 API reference, ModifyInstanceMetadataOptions.
    ModifyInstanceMetadataOptions: changes<
      ModifyInstanceMetadataOptionsCommandInput,
      ModifyInstanceMetadataOptionsCommandOutput
    >((input, call) => {
      const [instance] = fleet.require([input.InstanceId ?? '']) as [Ec2Instance];
      const { HttpEndpoint, HttpTokens, HttpPutResponseHopLimit, HttpProtocolIpv6, InstanceMetadataTags } = input;
      const before = instance.spec.metadataOptions;
      instance.spec.metadataOptions = {
        httpEndpoint: HttpEndpoint ?? before.httpEndpoint,
        httpTokens: HttpTokens ?? before.httpTokens,
        httpPutResponseHopLimit: HttpPutResponseHopLimit ?? before.httpPutResponseHopLimit,
        httpProtocolIpv6: HttpProtocolIpv6 ?? before.httpProtocolIpv6,
        instanceMetadataTags: InstanceMetadataTags ?? before.instanceMetadataTags,
      };
      instance.metadataChangedAt = Date.now();
      call.change(instance.id);
      return { InstanceId: instance.id, InstanceMetadataOptions: metadataView(instance) };
    }),
    DescribeIamInstanceProfileAssociations: reads<
      DescribeIamInstanceProfileAssociationsCommandInput,
      DescribeIamInstanceProfileAssociationsCommandOutput
    >((input) => {
      const found = applyFilters(withProfile(), input.Filters, {
        'instance-id': ({ id }) => [id],
        state: (instance) => [profiles.stateOf(instance)],
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
      // Source: EC2 API reference, ReplaceIamInstanceProfileAssociation: "for the specified running instance".
      if (instance.state !== 'running')
        throw serviceError(
          'ec2',
          'IncorrectInstanceState',
          `The instance '${instance.id}' is not in the 'running' state`,
        );
      const { Arn = '' } = IamInstanceProfile ?? {};
      // One that does not exist, or was just made. Source: terraform-provider-aws, which waits for it.
      if (!isKnown(Arn))
        throw invalidParameter(
          `Value (${Arn}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN`,
        );
      instance.spec.iamInstanceProfileArn = Arn;
      profiles.renew(instance);
      call.change(instance.id);
      return { IamInstanceProfileAssociation: view(instance) };
    }),
  };
}
