import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { SSMClient } from '@aws-sdk/client-ssm';
import { quick } from './quick';

// Clients for what is only told to people; one of each per execution environment.
export const codeDeploy = new CodeDeployClient(quick);
export const scalingActivities = new AutoScalingClient(quick);
export const sentCommands = new SSMClient(quick);
