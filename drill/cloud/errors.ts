import { AutoScalingServiceException } from '@aws-sdk/client-auto-scaling';
import { CloudTrailServiceException } from '@aws-sdk/client-cloudtrail';
import { CloudWatchServiceException } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsServiceException } from '@aws-sdk/client-cloudwatch-logs';
import { CodeDeployServiceException } from '@aws-sdk/client-codedeploy';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2ServiceException } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge';
import { GuardDutyServiceException } from '@aws-sdk/client-guardduty';
import { IAMServiceException } from '@aws-sdk/client-iam';
import { KMSServiceException } from '@aws-sdk/client-kms';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { SFNServiceException } from '@aws-sdk/client-sfn';
import { SNSServiceException } from '@aws-sdk/client-sns';
import { SSMServiceException } from '@aws-sdk/client-ssm';
import { STSServiceException } from '@aws-sdk/client-sts';
import { WAFV2ServiceException } from '@aws-sdk/client-wafv2';
import { PlaybookError } from '../../functions/shared/errors';
import type { ServiceName } from './service';

/** A call reached the simulated cloud for which no behaviour is modelled: the drill must not guess one. */
export class UnmodelledCommandError extends PlaybookError {
  constructor(service: string, command: string) {
    super(`The simulated cloud does not model ${service}:${command}. Model it in drill/cloud, or do not call it.`);
  }
}

/** A request uses a part of a modelled command that the simulated cloud can not answer truthfully. */
export class UnmodelledInputError extends PlaybookError {}

/** A Lambda invocation ended without an answer because its process died, as Step Functions names it. */
export class RuntimeExitError extends PlaybookError {
  constructor(executionId: string) {
    super(`RequestId: ${executionId} Error: Runtime exited with error: signal: killed`);
    this.name = 'Runtime.ExitError';
  }
}

const BASE_EXCEPTIONS: Record<ServiceName, typeof EC2ServiceException> = {
  ec2: EC2ServiceException,
  cloudtrail: CloudTrailServiceException,
  cloudwatch: CloudWatchServiceException,
  codedeploy: CodeDeployServiceException,
  'auto-scaling': AutoScalingServiceException,
  events: EventBridgeServiceException,
  guardduty: GuardDutyServiceException,
  kms: KMSServiceException,
  logs: CloudWatchLogsServiceException,
  s3: S3ServiceException,
  sns: SNSServiceException,
  iam: IAMServiceException,
  ssm: SSMServiceException,
  states: SFNServiceException,
  sts: STSServiceException,
  wafv2: WAFV2ServiceException,
  dynamodb: DynamoDBServiceException,
  elbv2: ElasticLoadBalancingV2ServiceException,
};

/** Makes the exception the SDK of a service would throw: its base class, the service's error code as `name`. */
export function serviceError(service: ServiceName, name: string, message: string, status = 400): Error {
  const exception = new BASE_EXCEPTIONS[service]({
    name,
    message,
    $fault: status >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode: status },
  });
  return Object.assign(exception, { Code: name });
}
