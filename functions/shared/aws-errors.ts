import { PlaybookError } from './errors';

/** AWS throttled the call. Worth retrying with full jitter. */
export class ThrottledError extends PlaybookError {}
/** An internal error in AWS. Worth retrying. */
export class ServiceUnavailableError extends PlaybookError {}
/** The role does not allow this. Retrying changes nothing. */
export class NotAuthorizedError extends PlaybookError {}
/** The instance does not, or no longer, exist. */
export class InstanceGoneError extends PlaybookError {}
/** The instance's state does not allow the call: read it again first. */
export class IncorrectInstanceStateError extends PlaybookError {}
/** The Availability Zone has no capacity for this instance type now. Worth retrying over minutes. */
export class InsufficientCapacityError extends PlaybookError {}
/** EC2 rejects the call for this kind of instance (one-time Spot, instance store root, stop protection). */
export class OperationRefusedError extends PlaybookError {}
/** Any other error of an AWS call. */
export class AwsCallError extends PlaybookError {}

type Named = new (message: string, options?: ErrorOptions) => PlaybookError;

/** Error codes by what to do about them; source: EC2 API reference "Error codes", DynamoDB and CloudWatch "Common errors". */
const byCode: ReadonlyArray<[RegExp, Named]> = [
  [
    /^(RequestLimitExceeded|Throttl|TooManyRequests|ProvisionedThroughputExceeded|SlowDown|RequestThrottled)/,
    ThrottledError,
  ],
  [
    /^(UnauthorizedOperation|AccessDenied|AuthFailure|NotAuthorized|AuthorizationError|Client\.UnauthorizedOperation)/,
    NotAuthorizedError,
  ],
  [/^InvalidInstanceID/, InstanceGoneError],
  [/^IncorrectInstanceState|^IncorrectState/, IncorrectInstanceStateError],
  [/^Insufficient(Instance|Host|ReservedInstance)?Capacity/, InsufficientCapacityError],
  [/^(UnsupportedOperation|OperationNotPermitted|Unsupported)/, OperationRefusedError],
  [
    /^(InternalError|InternalFailure|InternalServer|ServiceUnavailable|Unavailable|RequestTimeout|TimeoutError|ECONN)/,
    ServiceUnavailableError,
  ],
];

/**
 * Converts an AWS SDK error to one of this project's, keeping it as `cause`; other errors stay unchanged.
 * The state machines retry and catch these names.
 */
export function fromAws(error: unknown): Error {
  if (error instanceof PlaybookError) return error;
  if (!(error instanceof Error)) return new AwsCallError(`a value that is not an Error was thrown: ${typeof error}`);
  const { name } = error;
  const status = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
  const isAwsError = '$metadata' in error || '$fault' in error;
  const known = byCode.find(([pattern]) => pattern.test(name));
  if (known && (isAwsError || /^(TimeoutError|ECONN)/.test(name)))
    return new known[1](`${name}: ${error.message}`, { cause: error });
  if (!isAwsError) return error;
  const Kind = status !== undefined && status >= 500 ? ServiceUnavailableError : AwsCallError;
  return new Kind(`${name}: ${error.message}`, { cause: error });
}
