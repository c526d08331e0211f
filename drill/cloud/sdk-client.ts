import { UnmodelledInputError } from './errors';
import type { ServiceName } from './service';

/** What the simulated cloud needs of an AWS SDK v3 client, whatever its service. */
export interface SdkClient {
  readonly middlewareStack: {
    // biome-ignore lint/suspicious/noExplicitAny: the stack's own types differ for every client
    add(middleware: any, options: any): void;
    // biome-ignore lint/suspicious/noExplicitAny: likewise
    addRelativeTo(middleware: any, options: any): void;
    remove(name: string): boolean;
  };
  readonly config: { serviceId?: string };
}

const SERVICES: Readonly<Record<string, ServiceName>> = {
  EC2: 'ec2',
  CloudTrail: 'cloudtrail',
  CloudWatch: 'cloudwatch',
  CodeDeploy: 'codedeploy',
  'CloudWatch Logs': 'logs',
  'Auto Scaling': 'auto-scaling',
  'Elastic Load Balancing v2': 'elbv2',
  EventBridge: 'events',
  GuardDuty: 'guardduty',
  KMS: 'kms',
  S3: 's3',
  SNS: 'sns',
  IAM: 'iam',
  SSM: 'ssm',
  SFN: 'states',
  STS: 'sts',
  WAFV2: 'wafv2',
  DynamoDB: 'dynamodb',
};

/** The service a client calls. @throws UnmodelledInputError when the cloud knows no such service. */
export function serviceOf(client: SdkClient): ServiceName {
  const service = SERVICES[client.config.serviceId ?? ''];
  if (!service) throw new UnmodelledInputError(`The simulated cloud has no service ${client.config.serviceId}.`);
  return service;
}
