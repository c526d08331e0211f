import type {
  DescribeInstanceAttributeCommandInput,
  DescribeInstanceAttributeCommandOutput,
  DescribeInstanceStatusCommandInput,
  DescribeInstanceStatusCommandOutput,
  DescribeInstancesCommandInput,
  DescribeInstancesCommandOutput,
} from '@aws-sdk/client-ec2';
import { UnmodelledInputError } from '../errors';
import { type CommandModel, reads } from '../service';
import { invalidParameter, missingParameter } from './errors';
import { applyFilters, type FilterValues, page } from './filters';
import type { Fleet } from './fleet';
import type { Ec2Instance } from './instance';
import { instanceView, statusView } from './views';

const FILTERS: FilterValues<Ec2Instance> = {
  'instance-id': (instance) => [instance.id],
  'instance-state-name': (instance) => [instance.shown().state],
  'instance-type': (instance) => [instance.spec.instanceType],
  'instance-lifecycle': (instance) => [instance.spec.spot && 'spot'],
  'root-device-type': (instance) => [instance.spec.rootDeviceType],
  'event.code': (instance) => statusView(instance).Events?.map(({ Code }) => Code) ?? [],
  'vpc-id': (instance) => [instance.spec.vpcId],
  'subnet-id': (instance) => [instance.spec.subnetId],
  'availability-zone': (instance) => [instance.availabilityZone],
  'private-ip-address': (instance) => [instance.privateIp],
  'ip-address': (instance) => [instance.shown().publicIp],
  'instance.group-id': (instance) => instance.interfaces.flatMap((item) => item.securityGroups),
  'network-interface.network-interface-id': (instance) => instance.interfaces.map((item) => item.networkInterfaceId),
};

/** The commands that describe instances. Source: EC2 API reference. */
export function describeInstances(fleet: Fleet, account: string): Record<string, CommandModel> {
  const chosen = (ids: readonly string[] | undefined) => (ids?.length ? fleet.require(ids) : fleet.visible());
  return {
    DescribeInstances: reads<DescribeInstancesCommandInput, DescribeInstancesCommandOutput>((input, call) => {
      const found = applyFilters(chosen(input.InstanceIds), input.Filters, FILTERS);
      const { items, nextToken } = page(found, input, input.InstanceIds);
      call.touch(...items.map((instance) => instance.id));
      const Reservations = items.map((instance) => ({
        ReservationId: `r-${instance.id.slice(2)}`,
        OwnerId: account,
        Instances: [instanceView(instance, account)],
      }));
      return { Reservations, ...(nextToken && { NextToken: nextToken }) };
    }),
    DescribeInstanceStatus: reads<DescribeInstanceStatusCommandInput, DescribeInstanceStatusCommandOutput>(
      (input, call) => {
        // Source: EC2 API reference, DescribeInstanceStatus, InstanceIds.
        if ((input.InstanceIds?.length ?? 0) > 100) throw invalidParameter('At most 100 instance IDs can be given.');
        const found = applyFilters(chosen(input.InstanceIds), input.Filters, FILTERS);
        const shown = found.filter((instance) => input.IncludeAllInstances || instance.shown().state === 'running');
        const { items, nextToken } = page(shown, input, input.InstanceIds);
        call.touch(...items.map((instance) => instance.id));
        return { InstanceStatuses: items.map(statusView), ...(nextToken && { NextToken: nextToken }) };
      },
    ),
    DescribeInstanceAttribute: reads<DescribeInstanceAttributeCommandInput, DescribeInstanceAttributeCommandOutput>(
      (input, call) => {
        if (!input.InstanceId) throw missingParameter('InstanceId');
        const [instance] = fleet.require([input.InstanceId]) as [Ec2Instance];
        call.touch(instance.id);
        return { InstanceId: instance.id, ...attribute(instance, input.Attribute) };
      },
    ),
  };
}

function attribute(instance: Ec2Instance, name: DescribeInstanceAttributeCommandInput['Attribute']): object {
  const { spec } = instance;
  if (name === 'disableApiStop') return { DisableApiStop: { Value: spec.disableApiStop } };
  if (name === 'disableApiTermination')
    return { DisableApiTermination: { Value: instance.attributesSeen().disableApiTermination } };
  if (name === 'instanceType') return { InstanceType: { Value: spec.instanceType } };
  if (name === 'rootDeviceName') return { RootDeviceName: { Value: instanceView(instance, '').RootDeviceName } };
  if (name === 'instanceInitiatedShutdownBehavior') {
    return { InstanceInitiatedShutdownBehavior: { Value: spec.instanceInitiatedShutdownBehavior } };
  }
  if (name === 'groupSet')
    return { Groups: (instance.interfaces[0]?.securityGroups ?? []).map((GroupId) => ({ GroupId })) };
  throw new UnmodelledInputError(`The simulated EC2 does not model the instance attribute '${name}'.`);
}
