import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { nameOfGroup } from '../guard/places';
import { groupTag, toTags } from '../guard/tags';
import { autoScaling } from '../shared/clients/auto-scaling';
import { ec2 } from '../shared/clients/ec2';
import { elasticLoadBalancing } from '../shared/clients/elastic-load-balancing';

/**
 * The first of its groups in which an instance is the last healthy member, by the name that people use; undefined if there
 * is none. Members whose health is not known do not count as healthy. A read that fails throws.
 * Source: Elastic Load Balancing user guide, "Target health status"; Auto Scaling user guide, "Health checks".
 */
export async function findLastHealthyOf(instanceId: string, groups: readonly string[]): Promise<string | undefined> {
  for (const group of groups) {
    const healthy = await healthyIn(group);
    if (healthy.every((id) => id === instanceId) && (healthy.length > 0 || group.startsWith('tag:')))
      return nameOfGroup(group);
  }
  return undefined;
}

async function healthyIn(group: string): Promise<string[]> {
  const name = group.slice(group.indexOf(':') + 1);
  if (group.startsWith('asg:')) return inAutoScalingGroup(name);
  return group.startsWith('tg:') ? inTargetGroup(name) : inNamedGroup(name);
}

async function inAutoScalingGroup(name: string): Promise<string[]> {
  const { AutoScalingGroups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return (AutoScalingGroups?.[0]?.Instances ?? []).flatMap(({ InstanceId, LifecycleState, HealthStatus }) =>
    InstanceId && LifecycleState === 'InService' && HealthStatus === 'Healthy' ? InstanceId : [],
  );
}

async function inTargetGroup(TargetGroupArn: string): Promise<string[]> {
  const { TargetHealthDescriptions } = await elasticLoadBalancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  return (TargetHealthDescriptions ?? []).flatMap(({ Target, TargetHealth }) =>
    Target?.Id && TargetHealth?.State === 'healthy' ? Target.Id : [],
  );
}

/** Of a named group EC2 knows no health, so running counts. */
async function inNamedGroup(name: string): Promise<string[]> {
  const pages = paginateDescribeInstances(
    { client: ec2 },
    {
      Filters: [
        { Name: 'tag-key', Values: [groupTag] },
        { Name: 'instance-state-name', Values: ['running'] },
      ],
    },
  );
  const found: string[] = [];
  // Compared here: in a filter, * and ? of the name would match other groups.
  for await (const { Reservations } of pages)
    for (const { InstanceId, Tags } of (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []))
      if (InstanceId && toTags(Tags)[groupTag] === name) found.push(InstanceId);
  return found;
}
