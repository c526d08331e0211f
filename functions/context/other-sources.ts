import { DescribeScalingActivitiesCommand } from '@aws-sdk/client-auto-scaling';
import {
  BatchGetDeploymentsCommand,
  BatchGetDeploymentTargetsCommand,
  type DeploymentInfo,
  ListDeploymentsCommand,
} from '@aws-sdk/client-codedeploy';
import { ListCommandsCommand } from '@aws-sdk/client-ssm';
import { codeDeploy, scalingActivities, sentCommands } from '../shared/clients/activity';
import { type Change, short } from './change';
import { commandSource } from './senders';

/** Whose changes are looked for: of one instance, and of its Auto Scaling group if it has one. */
export interface Subject {
  instanceId: string;
  groupOf(instanceId: string): Promise<string | undefined>;
}

/**
 * What its Auto Scaling group did: one page. An activity names its instance only in its description.
 * Source: Auto Scaling API reference, DescribeScalingActivities.
 */
export async function scalingChanges({ instanceId, groupOf }: Subject, since: Date): Promise<Change[]> {
  const group = await groupOf(instanceId);
  if (!group) return [];
  const { Activities = [] } = await scalingActivities.send(
    new DescribeScalingActivitiesCommand({
      AutoScalingGroupName: group,
      Filters: [{ Name: 'StartTimeLowerBound', Values: [since.toISOString()] }],
      MaxRecords: 50,
    }),
  );
  return Activities.flatMap(({ ActivityId, StartTime, Description = '', StatusCode }) =>
    ActivityId && StartTime
      ? {
          id: short(ActivityId),
          at: StartTime.toISOString(),
          what: 'Scaling activity',
          resource: Description.includes(instanceId) ? instanceId : short(group),
          detail: short(`${StatusCode ?? 'unknown'}: ${Description}`),
          who: 'Auto Scaling',
          from: 'autoscaling.amazonaws.com',
        }
      : [],
  );
}

/** At most so many deployments are asked whether they were to the instance: each is a call of its own. */
const mostDeployments = 5;
/** Source: CodeDeploy API reference, BatchGetDeployments, deploymentIds. */
const mostInBatch = 25;

/**
 * Deployments of CodeDeploy to the instance: the newest few of one page of the account's.
 * Source: CodeDeploy API reference, ListDeployments, BatchGetDeployments, BatchGetDeploymentTargets.
 */
export async function deployedChanges({ instanceId }: Subject, since: Date): Promise<Change[]> {
  const { deployments = [] } = await codeDeploy.send(new ListDeploymentsCommand({ createTimeRange: { start: since } }));
  const deploymentIds = deployments.slice(0, mostInBatch);
  if (deploymentIds.length === 0) return [];
  const { deploymentsInfo = [] } = await codeDeploy.send(new BatchGetDeploymentsCommand({ deploymentIds }));
  const newest = deploymentsInfo
    .filter(({ deploymentId, createTime }) => deploymentId && createTime)
    .sort((a, b) => b.createTime!.getTime() - a.createTime!.getTime())
    .slice(0, mostDeployments);
  const found: Change[] = [];
  for (const one of newest)
    if (await isTarget(one.deploymentId!, instanceId)) found.push(deploymentChange(one, instanceId));
  return found;
}

async function isTarget(deploymentId: string, instanceId: string): Promise<boolean> {
  try {
    const request = new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds: [instanceId] });
    return ((await codeDeploy.send(request)).deploymentTargets ?? []).length > 0;
  } catch (error) {
    // That deployment went elsewhere, or to no instance at all.
    if (error instanceof Error && notHere.test(error.name)) return false;
    throw error;
  }
}

const notHere =
  /^(DeploymentTargetDoesNotExistException|InvalidDeploymentTargetIdException|DeploymentNotStartedException)$/;

const deploymentChange = (info: DeploymentInfo, instanceId: string): Change => ({
  id: short(info.deploymentId!),
  at: info.createTime!.toISOString(),
  what: 'Deployment',
  resource: instanceId,
  detail: short(`${info.applicationName ?? 'unknown application'}, ${info.deploymentId}, ${info.status ?? 'unknown'}`),
  who: short(info.creator ?? 'unknown'),
  from: 'codedeploy.amazonaws.com',
});

/**
 * Commands of Systems Manager that were sent to the instance: one page. Their parameters may be secrets, so they are
 * never read here; who sent one, CloudTrail's SendCommand says.
 * Source: Systems Manager API reference, ListCommands.
 */
export async function commandChanges({ instanceId }: Subject, since: Date): Promise<Change[]> {
  const InvokedAfter = `${since.toISOString().slice(0, 19)}Z`;
  const { Commands = [] } = await sentCommands.send(
    new ListCommandsCommand({
      InstanceId: instanceId,
      Filters: [{ key: 'InvokedAfter', value: InvokedAfter }],
      MaxResults: 50,
    }),
  );
  return Commands.flatMap(({ CommandId, DocumentName, RequestedDateTime, Status, Comment = '' }) =>
    // Ours are in the timeline already.
    CommandId && RequestedDateTime && !/\binc-[0-9a-f]{20}\b/.test(Comment)
      ? {
          id: short(CommandId),
          at: RequestedDateTime.toISOString(),
          what: 'SendCommand',
          resource: instanceId,
          detail: short(`${DocumentName ?? 'unknown document'}, ${Status ?? 'unknown'}`),
          who: 'unknown',
          from: commandSource,
        }
      : [],
  );
}
