import type {
  DescribeInstanceTypesCommandInput,
  DescribeInstanceTypesCommandOutput,
  DescribeSpotInstanceRequestsCommandInput,
  DescribeSpotInstanceRequestsCommandOutput,
  DescribeVolumesCommandInput,
  DescribeVolumesCommandOutput,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type CommandModel, reads } from '../service';
import { applyFilters, page } from './filters';
import type { Fleet } from './fleet';
import type { Ec2Instance, Volume } from './instance';

const NO_TAGS: ReadonlyMap<string, string> = new Map();

/** The commands that describe what hangs on an instance: volumes, Spot requests. Source: EC2 API reference. */
export function describeAttachments(fleet: Fleet): Record<string, CommandModel> {
  return {
    DescribeInstanceTypes: reads<DescribeInstanceTypesCommandInput, DescribeInstanceTypesCommandOutput>((input) => ({
      // What a type has is taken from the instances of that type that the drill launched.
      InstanceTypes: (input.InstanceTypes ?? []).map((InstanceType) => {
        const sameType = fleet.visible().filter(({ spec }) => spec.instanceType === InstanceType);
        return { InstanceType, InstanceStorageSupported: sameType.some(({ spec }) => spec.instanceStoreVolumes > 0) };
      }),
    })),
    DescribeVolumes: reads<DescribeVolumesCommandInput, DescribeVolumesCommandOutput>((input, call) => {
      const all = fleet
        .visible()
        .flatMap((instance) => instance.volumes.map((volume) => ({ instance, volume, tags: NO_TAGS })));
      const named = byId(all, input.VolumeIds, ({ volume }) => volume.volumeId, 'InvalidVolume.NotFound', 'volume');
      const found = applyFilters(named, input.Filters, {
        'attachment.instance-id': ({ instance }) => [instance.id],
        'volume-id': ({ volume }) => [volume.volumeId],
        encrypted: ({ volume }) => [String(volume.encrypted || volume.kmsKeyId !== undefined)],
      });
      const { items, nextToken } = page(found, input.MaxResults, input.NextToken);
      call.touch(...items.map(({ volume }) => volume.volumeId));
      return {
        Volumes: items.map(({ instance, volume }) => volumeView(instance, volume)),
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
        State: 'active' as const,
        InstanceInterruptionBehavior: instance.spec.spot === 'persistent' ? ('stop' as const) : ('terminate' as const),
      }));
      return { SpotInstanceRequests };
    }),
  };
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

function volumeView(instance: Ec2Instance, volume: Volume) {
  return {
    VolumeId: volume.volumeId,
    AvailabilityZone: instance.availabilityZone,
    State: 'in-use' as const,
    Size: volume.size,
    VolumeType: 'gp3' as const,
    Encrypted: volume.encrypted || volume.kmsKeyId !== undefined,
    ...(volume.kmsKeyId && { KmsKeyId: volume.kmsKeyId }),
    Attachments: [
      {
        InstanceId: instance.id,
        VolumeId: volume.volumeId,
        Device: volume.deviceName,
        State: 'attached' as const,
        DeleteOnTermination: volume.deleteOnTermination,
      },
    ],
  };
}
