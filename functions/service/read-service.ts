import { DescribeAutoScalingGroupsCommand, DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { unlessAlready } from '../shared/ask-again';
import { autoScaling } from '../shared/clients/auto-scaling';
import { elasticLoadBalancing } from '../shared/clients/elastic-load-balancing';
import { groupGone, type Membership, type ServiceState } from './membership';

/** Where an instance serves, with the target groups of its Auto Scaling group. */
export type Serving = Membership & { targetGroupArns: string[] };

/** Finds where an instance serves. Target groups of its Auto Scaling group are left to the group. */
export async function readMembership(instanceId: string): Promise<Serving> {
  const { AutoScalingInstances } = await autoScaling.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const group = AutoScalingInstances?.[0]?.AutoScalingGroupName;
  const ofGroup = group ? await targetGroupsOf(group) : [];
  const targets: Membership['targets'] = [];
  for (const targetGroupArn of await allTargetGroups()) {
    if (ofGroup.includes(targetGroupArn)) continue;
    // One that is deleted while the groups are read has no targets.
    const found = await unlessAlready('TargetGroupNotFoundException', registrations(targetGroupArn, instanceId));
    for (const { Target } of found ?? []) {
      targets.push({ targetGroupArn, ...(Target?.Port === undefined ? {} : { port: Target.Port }) });
    }
  }
  const targetGroupArns = [...ofGroup, ...targets.map(({ targetGroupArn }) => targetGroupArn)];
  return { ...(group ? { group } : {}), targets, targetGroupArns };
}

async function targetGroupsOf(group: string): Promise<string[]> {
  const { AutoScalingGroups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
  );
  return AutoScalingGroups?.[0]?.TargetGroupARNs ?? [];
}

async function allTargetGroups(): Promise<string[]> {
  const found: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await elasticLoadBalancing.send(
      new DescribeTargetGroupsCommand({ PageSize: 400, ...(Marker ? { Marker } : {}) }),
    );
    const ofInstances = (page.TargetGroups ?? []).filter(({ TargetType }) => TargetType === 'instance');
    found.push(...ofInstances.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []));
    Marker = page.NextMarker;
  } while (Marker);
  return found;
}

/** An instance's registrations with a target group; it may be registered on several ports. */
async function registrations(targetGroupArn: string, instanceId: string): Promise<TargetHealthDescription[]> {
  const { TargetHealthDescriptions } = await elasticLoadBalancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  return (TargetHealthDescriptions ?? []).filter(({ Target }) => Target?.Id === instanceId);
}

/** Reads the current state of each part of a membership. A target group that was deleted meanwhile is an answer. */
export async function readServiceState(instanceId: string, { group, targets }: Membership): Promise<ServiceState> {
  const lifecycle = group ? await readLifecycle(instanceId) : undefined;
  const health: string[] = [];
  for (const { targetGroupArn, port } of targets) {
    const found = await unlessAlready('TargetGroupNotFoundException', registrations(targetGroupArn, instanceId));
    if (!found) {
      health.push(groupGone);
      continue;
    }
    const one = found.find(({ Target }) => port === undefined || Target?.Port === port);
    health.push(one?.TargetHealth?.State ?? 'unused');
  }
  return { lifecycle, health };
}

async function readLifecycle(instanceId: string): Promise<string | undefined> {
  const { AutoScalingInstances } = await autoScaling.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId] }),
  );
  return AutoScalingInstances?.[0]?.LifecycleState;
}
