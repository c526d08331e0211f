import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

/** Clients of the services that a stage is made of, with the caller's own credentials. */
export interface AccountClients {
  cloudWatch: CloudWatchClient;
  ec2: EC2Client;
  events: EventBridgeClient;
  guardDuty: GuardDutyClient;
  iam: IAMClient;
  lambda: LambdaClient;
  logs: CloudWatchLogsClient;
  quotas: ServiceQuotasClient;
  sfn: SFNClient;
  sns: SNSClient;
  sqs: SQSClient;
  ssm: SSMClient;
  sts: STSClient;
}

/** Clients with the SDK's default credentials and region. */
export const accountClients = (): AccountClients => ({
  cloudWatch: new CloudWatchClient({}),
  ec2: new EC2Client({}),
  events: new EventBridgeClient({}),
  guardDuty: new GuardDutyClient({}),
  iam: new IAMClient({}),
  lambda: new LambdaClient({}),
  logs: new CloudWatchLogsClient({}),
  quotas: new ServiceQuotasClient({}),
  sfn: new SFNClient({}),
  sns: new SNSClient({}),
  sqs: new SQSClient({}),
  ssm: new SSMClient({}),
  sts: new STSClient({}),
});
