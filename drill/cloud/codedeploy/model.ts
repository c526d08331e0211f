import type {
  BatchGetDeploymentsCommandInput,
  BatchGetDeploymentTargetsCommandInput,
  ListDeploymentsCommandInput,
} from '@aws-sdk/client-codedeploy';
import { serviceError } from '../errors';
import { reads, type ServiceModel } from '../service';

/** A deployment of somebody's, as a drill plants it. */
export interface PlantedDeployment {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  application: string;
  creator: string;
  status: string;
  instanceIds: readonly string[];
}

/** Source: CodeDeploy API reference, BatchGetDeployments and BatchGetDeploymentTargets. */
const mostIds = 25;

/** Simulated CodeDeploy: what was deployed to which instance. Source: CodeDeploy API reference. */
export class CodeDeployModel implements ServiceModel {
  readonly service = 'codedeploy';
  private readonly planted: PlantedDeployment[] = [];

  /** Plants a deployment; it may lie ahead. */
  plant(deployment: PlantedDeployment): void {
    this.planted.push(deployment);
  }

  readonly commands: ServiceModel['commands'] = {
    // Application and group are given together or not at all. Source: ListDeployments, applicationName.
    ListDeployments: reads<ListDeploymentsCommandInput, object>((input) => {
      const { applicationName, deploymentGroupName, createTimeRange } = input;
      if ((applicationName === undefined) !== (deploymentGroupName === undefined))
        throw refused('DeploymentGroupNameRequiredException', 'Both or neither have to be given.');
      const { start = new Date(0), end = new Date() } = createTimeRange ?? {};
      if (start > end) throw refused('InvalidTimeRangeException', 'The start is after the end.');
      const found = this.planted.filter(({ at }) => at >= Number(start) && at <= Number(end));
      return { deployments: found.map(({ id }) => id) };
    }),
    BatchGetDeployments: reads<BatchGetDeploymentsCommandInput, object>(({ deploymentIds = [] }) => {
      if (deploymentIds.length > mostIds) throw refused('BatchLimitExceededException', 'At most 25 IDs can be given.');
      const found = this.planted.filter(({ id }) => deploymentIds.includes(id));
      return {
        deploymentsInfo: found.map(({ id, at, application, creator, status }) => ({
          deploymentId: id,
          applicationName: application,
          creator,
          status,
          createTime: new Date(at),
        })),
      };
    }),
    BatchGetDeploymentTargets: reads<BatchGetDeploymentTargetsCommandInput, object>(
      ({ deploymentId, targetIds = [] }) => {
        if (targetIds.length > mostIds) throw refused('InstanceIdRequiredException', 'At most 25 IDs can be given.');
        const found = this.planted.find(({ id }) => id === deploymentId);
        if (!found) throw refused('DeploymentDoesNotExistException', 'The deployment does not exist.');
        const missing = targetIds.find((id) => !found.instanceIds.includes(id));
        if (missing) throw refused('DeploymentTargetDoesNotExistException', `${missing} is no target of it.`);
        const view = (targetId: string) => ({
          deploymentTargetType: 'InstanceTarget',
          instanceTarget: { deploymentId, targetId, status: found.status },
        });
        return { deploymentTargets: targetIds.map(view) };
      },
    ),
  };
}

const refused = (code: string, message: string) => serviceError('codedeploy', code, message);
