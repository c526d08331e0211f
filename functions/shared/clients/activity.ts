import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { SSMClient } from '@aws-sdk/client-ssm';
import { placed } from '../../place/placed';
import { quick } from './quick';

// Clients for what is only told to people; one of each per execution environment.
export const codeDeploy = placed(new CodeDeployClient(quick));
export const scalingActivities = placed(new AutoScalingClient(quick));
export const sentCommands = placed(new SSMClient(quick));
