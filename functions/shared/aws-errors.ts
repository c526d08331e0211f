import { type Meaning, meaningOf } from './aws-codes';
import { PlaybookError } from './errors';

/** AWS throttled the call. Worth retrying with full jitter. */
export class ThrottledError extends PlaybookError {}
/** An internal error in AWS. Worth retrying. */
export class ServiceUnavailableError extends PlaybookError {}
/** Another operation on the same resource is in progress, or a new resource is not visible everywhere yet. Worth retrying. */
export class BusyError extends PlaybookError {}
/** The role does not allow this. Retrying changes nothing. */
export class NotAuthorizedError extends PlaybookError {}
/** The instance does not, or no longer, exist: reads seconds apart agree. */
export class InstanceGoneError extends PlaybookError {}
/** The instance's state does not allow the call: read it again first. */
export class IncorrectInstanceStateError extends PlaybookError {}
/** Something that a start needs is not available now: capacity, a reservation, the Spot request's state. Worth retrying over minutes. */
export class InsufficientCapacityError extends PlaybookError {}
/** AWS rejects the call for this kind of resource (one-time Spot, instance store root, stop protection) until a person changes something. */
export class OperationRefusedError extends PlaybookError {}
/** Any other error of an AWS call. */
export class AwsCallError extends PlaybookError {}

type Named = new (message: string, options?: ErrorOptions) => PlaybookError;

const errors: Readonly<Record<Exclude<Meaning, 'other'>, Named>> = {
  throttled: ThrottledError,
  unavailable: ServiceUnavailableError,
  busy: BusyError,
  state: IncorrectInstanceStateError,
  capacity: InsufficientCapacityError,
  gone: InstanceGoneError,
  unauthorized: NotAuthorizedError,
  refused: OperationRefusedError,
};

/** This project's error for an AWS code: from the table (aws-codes.ts), otherwise from the HTTP status. */
export function errorFor(code: string, status?: number): Named {
  const meaning = meaningOf(code);
  if (meaning !== 'other') return errors[meaning];
  return status !== undefined && status >= 500 ? ServiceUnavailableError : AwsCallError;
}

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
  // A call that never reached AWS has neither.
  if (!isAwsError && !/^(TimeoutError|ECONN)/.test(name)) return error;
  return new (errorFor(name, status))(`${name}: ${error.message}`, { cause: error });
}
