import type { ServiceName } from '../service';

/**
 * Codes that EC2 sends as server errors, which the SDK makes again by itself whatever they are called.
 * Source: EC2 API reference, "Error codes", "Server error codes".
 */
const ec2Unavailable = /^(ServiceUnavailable|Unavailable|RequestLimitExceeded|InsufficientAddressCapacity)$/;
const ec2Internal =
  /^(Insufficient(Capacity|InstanceCapacity|HostCapacity|ReservedInstanceCapacity|VolumeCapacity)|Internal(Error|Failure)|ServerInternal|RetryableError)$/;
/** Of the other services. Source: "Common errors" and the errors of each action in their API references. */
const internal =
  /^(Internal|ResourceContention|ServiceFailure|KMSInternal|WAFInternal|DependencyTimeout|InternalServerError)/;
const unavailable = /^(ServiceUnavailable|Unavailable|SlowDown)/;
const missing = /^(NoSuchEntity|NotFoundException|ResourceNotFound)/;
const refused = /^(UnauthorizedOperation|AuthFailure|AccessDenied|NotAuthorized|OptInRequired)/;

/** The HTTP status that a service sends an error code with. */
export function statusOf(service: ServiceName, code: string): number {
  if (refused.test(code)) return 403;
  if (service === 'ec2') {
    if (ec2Unavailable.test(code)) return 503;
    return ec2Internal.test(code) ? 500 : 400;
  }
  if (unavailable.test(code)) return 503;
  if (internal.test(code)) return 500;
  return missing.test(code) && (service === 'iam' || service === 'sns' || service === 'cloudwatch') ? 404 : 400;
}

/** What each service calls an error of its own. Source: the same. */
const internalNames: Readonly<Record<ServiceName, string>> = {
  ec2: 'InternalError',
  cloudtrail: 'InternalFailure',
  cloudwatch: 'InternalServiceFault',
  codedeploy: 'InternalFailure',
  'auto-scaling': 'InternalFailure',
  elbv2: 'InternalFailure',
  events: 'InternalException',
  guardduty: 'InternalServerErrorException',
  iam: 'ServiceFailureException',
  kms: 'KMSInternalException',
  logs: 'ServiceUnavailableException',
  s3: 'InternalError',
  sns: 'InternalErrorException',
  ssm: 'InternalServerError',
  states: 'InternalFailure',
  sts: 'InternalFailure',
  wafv2: 'WAFInternalErrorException',
  dynamodb: 'InternalServerError',
};

export const internalNameOf = (service: ServiceName): string => internalNames[service];

/** What each service calls a request that comes too fast. Source: "Common errors" of each; EC2 API reference, "Request throttling". */
const throttlingNames: Readonly<Record<ServiceName, string>> = {
  ec2: 'RequestLimitExceeded',
  cloudtrail: 'ThrottlingException',
  cloudwatch: 'Throttling',
  codedeploy: 'ThrottlingException',
  'auto-scaling': 'Throttling',
  elbv2: 'Throttling',
  events: 'ThrottlingException',
  guardduty: 'ThrottlingException',
  iam: 'Throttling',
  s3: 'SlowDown',
  sns: 'Throttling',
  kms: 'ThrottlingException',
  logs: 'ThrottlingException',
  ssm: 'ThrottlingException',
  states: 'ThrottlingException',
  sts: 'Throttling',
  wafv2: 'ThrottlingException',
  dynamodb: 'ThrottlingException',
};

export const throttlingNameOf = (service: ServiceName): string => throttlingNames[service];

/** Services whose errors have short names, as those of the query protocol do. Source: "Common errors" of each. */
const shortNamed: readonly ServiceName[] = ['auto-scaling', 'cloudwatch', 'elbv2', 'iam', 's3', 'sns', 'sts'];

export const isShortNamed = (service: ServiceName): boolean => shortNamed.includes(service);

/**
 * What a service calls a request that a role does not allow. Source: EC2 API reference, "Error codes"; SNS API reference,
 * Publish, AuthorizationError, by the name of its class in the SDK; "Common errors" of the others; S3 API reference, "Error responses".
 */
export function deniedNameOf(service: ServiceName): string {
  if (service === 'ec2') return 'UnauthorizedOperation';
  if (service === 'sns') return 'AuthorizationErrorException';
  return isShortNamed(service) ? 'AccessDenied' : 'AccessDeniedException';
}
