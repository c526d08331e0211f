import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { chunksOf } from '../shared/chunks';
import { ec2 } from '../shared/clients/ec2';

/** Values of one filter. Source: EC2 API reference, Filter. */
const mostValues = 200;

/** The Availability Zones of instances and volumes, as far as EC2 knows them: a filter passes over those that are gone. */
export async function zonesOf(ids: readonly string[]): Promise<string[]> {
  const instances = ids.filter((id) => id.startsWith('i-'));
  const volumes = ids.filter((id) => id.startsWith('vol-'));
  const found: (string | undefined)[] = [];
  for (const Values of chunksOf(instances, mostValues)) {
    const Filters = [{ Name: 'instance-id', Values }];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    const all = Reservations.flatMap(({ Instances = [] }) => Instances);
    found.push(...all.map(({ Placement }) => Placement?.AvailabilityZone));
  }
  for (const Values of chunksOf(volumes, mostValues)) {
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'volume-id', Values }] }));
    found.push(...Volumes.map(({ AvailabilityZone }) => AvailabilityZone));
  }
  return [...new Set(found.flatMap((zone) => zone ?? []))].sort();
}
