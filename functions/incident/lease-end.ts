import { underWay } from '../patching/patch';
import type { ClosingIncident } from '../record/closing-incident';

/** Errors with which AWS rejected the call: nothing that was requested is in progress. */
const refusals = [
  'ThrottledError',
  'BusyError',
  'NotAuthorizedError',
  'OperationRefusedError',
  'IncorrectInstanceStateError',
  'AwsCallError',
];

/**
 * Whether something that the incident began may outlive it: a patch command runs on whatever becomes of the execution that
 * sent it, and may reboot the instance. The lease then stays until it runs out, which is later than any command may end.
 * @param isRequested whether the timeline says that a command was about to be sent
 */
export function leaveLease({ command, patch, failure }: ClosingIncident, isRequested: boolean): boolean {
  if (!isRequested) return false;
  if (patch) return patch.status !== undefined && underWay.includes(patch.status);
  return command !== undefined || (failure !== undefined && !refusals.includes(failure.Error));
}
