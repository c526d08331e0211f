import type {
  DescribeInstanceTypesCommandInput,
  DescribeInstanceTypesCommandOutput,
  DescribeSpotInstanceRequestsCommandInput,
  DescribeSpotInstanceRequestsCommandOutput,
  DescribeVolumesCommandInput,
  DescribeVolumesCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Environment } from '../environment';
import { serviceError } from '../errors';
import { defaultKeyArn } from '../kms/aws-managed';
import { type CommandModel, reads } from '../service';
import { applyFilters, page } from './filters';
import type { Fleet } from './fleet';
import type { Ec2Instance, Volume } from './instance';
import { assertKnown, factsOf } from './types';
import { tagsView } from './views';

/** The commands that describe what hangs on an instance: volumes, Spot requests. Source: EC2 API reference. */
export function describeAttachments(
  fleet: Fleet,
  environment: Pick<Environment, 'region' | 'account'>,
): Record<string, CommandModel> {
  return {
    DescribeInstanceTypes: reads<DescribeInstanceTypesCommandInput, DescribeInstanceTypesCommandOutput>((input) => ({
      InstanceTypes: (input.InstanceTypes ?? []).map((InstanceType) => {
        const sameType = fleet.visible().filter(({ spec }) => spec.instanceType === InstanceType);
        if (sameType.length === 0) assertKnown(InstanceType);
        const { hasInstanceStore, isMetal, isNitro } = factsOf(InstanceType);
        // A scenario may say that a type has such volumes, too.
        const isSaid = sameType.some(({ spec }) => spec.instanceStoreVolumes > 0);
        const Hypervisor = isNitro ? ('nitro' as const) : ('xen' as const);
        return {
          InstanceType,
          InstanceStorageSupported: hasInstanceStore || isSaid,
          BareMetal: isMetal,
          ...(!isMetal && { Hypervisor }),
        };
      }),
    })),
    DescribeVolumes: reads<DescribeVolumesCommandInput, DescribeVolumesCommandOutput>((input, call) => {
      const all = fleet
        .visible()
        .flatMap((instance) =>
          instance.volumes
            .filter(({ deleteOnTermination }) => instance.state !== 'terminated' || !deleteOnTermination)
            .map((volume) => ({ instance, volume, tags: volume.tags })),
        );
      const named = byId(all, input.VolumeIds, ({ volume }) => volume.volumeId, 'InvalidVolume.NotFound', 'volume');
      const found = applyFilters(named, input.Filters, {
        'attachment.instance-id': ({ instance }) => [instance.state === 'terminated' ? undefined : instance.id],
        'volume-id': ({ volume }) => [volume.volumeId],
        encrypted: ({ volume }) => [String(volume.encrypted || volume.kmsKeyId !== undefined)],
      });
      const { items, nextToken } = page(found, input, input.VolumeIds);
      call.touch(...items.map(({ volume }) => volume.volumeId));
      return {
        Volumes: items.map(({ instance, volume }) => volumeView(instance, volume, defaultKeyArn(environment))),
        ...(nextToken && { NextToken: nextToken }),
      };
    }),
    DescribeSpotInstanceRequests: reads<
      DescribeSpotInstanceRequestsCommandInput,
      DescribeSpotInstanceRequestsCommandOutput
    >((input, call) => {
      const all = fleet.visible().filter((instance) => instance.spotRequestId !== undefined);
      const ids = input.SpotInstanceRequestIds;
      const named = byId(
        all,
        ids,
        (instance) => instance.spotRequestId,
        'InvalidSpotInstanceRequestID.NotFound',
        'spot instance request',
      );
      const found = applyFilters(named, input.Filters, {
        'instance-id': (instance) => [instance.id],
        'spot-instance-request-id': (instance) => [instance.spotRequestId],
        type: (instance) => [instance.spec.spot],
      });
      call.touch(...found.map((instance) => instance.id));
      const SpotInstanceRequests = found.map((instance) => ({
        SpotInstanceRequestId: instance.spotRequestId,
        InstanceId: instance.id,
        Type: instance.spec.spot,
        // Stopped, it is "disabled". Source: EC2 user guide, "Spot Instance request state".
        State: stateOf(instance),
        InstanceInterruptionBehavior: instance.spec.spot === 'persistent' ? ('stop' as const) : ('terminate' as const),
      }));
      return { SpotInstanceRequests };
    }),
  };
}

function stateOf({ state, spec }: Ec2Instance): 'active' | 'disabled' | 'closed' {
  if (state === 'terminated' || state === 'shutting-down') return 'closed';
  return spec.spot === 'persistent' && (state === 'stopping' || state === 'stopped') ? 'disabled' : 'active';
}

function byId<Item>(
  all: Item[],
  ids: readonly string[] | undefined,
  idOf: (item: Item) => string | undefined,
  error: string,
  what: string,
): Item[] {
  if (!ids?.length) return all;
  const missing = ids.find((id) => !all.some((item) => idOf(item) === id));
  if (missing !== undefined) throw serviceError('ec2', error, `The ${what} '${missing}' does not exist.`);
  return all.filter((item) => ids.includes(idOf(item) ?? ''));
}

function volumeView(instance: Ec2Instance, volume: Volume, defaultKey: string) {
  const isGone = instance.state === 'terminated';
  const isEncrypted = volume.encrypted || volume.kmsKeyId !== undefined;
  return {
    VolumeId: volume.volumeId,
    AvailabilityZone: instance.availabilityZone,
    State: isGone ? ('available' as const) : ('in-use' as const),
    Size: volume.size,
    VolumeType: volume.volumeType,
    Encrypted: isEncrypted,
    // Without a key of its own it has that of the account, aws/ebs. Source: EC2 API reference, DescribeVolumes, KmsKeyId.
    ...(isEncrypted && { KmsKeyId: volume.kmsKeyId ?? defaultKey }),
    Tags: tagsView(volume.tags),
    Attachments: (isGone ? [] : [volume]).map(() => ({
      InstanceId: instance.id,
      VolumeId: volume.volumeId,
      Device: volume.deviceName,
      State: 'attached' as const,
      DeleteOnTermination: volume.deleteOnTermination,
    })),
  };
}
