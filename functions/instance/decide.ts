import type { Snapshot } from '../guard/snapshot';
import { IncorrectInstanceStateError } from '../shared/aws-errors';
import { PlaybookError } from '../shared/errors';

/** Somebody else stopped the instance: it is not ours to stop again or to start. */
export class NotOursError extends PlaybookError {}
/** A stop by force was not allowed by the instance's owner. */
export class ForceNotAllowedError extends PlaybookError {}
/** The instance is still stopping; EC2 refuses a start until it is stopped. */
export class StillStoppingError extends PlaybookError {}

export type Decision = 'call' | 'observe';
type State = Snapshot['state'];

/** @param askedBefore whether this incident has written that it asks for the stop */
export function decideStop(state: State, askedBefore: boolean): Decision {
  if (state === 'running') return 'call';
  if (state === 'pending')
    throw new IncorrectInstanceStateError('The instance is still starting; it is not stopped now.');
  if (!askedBefore)
    throw new NotOursError(`Somebody else has stopped the instance (it is ${state}); it is not ours to start.`);
  return 'observe';
}

export function decideForce(state: State, askedBefore: boolean, allowed: boolean): Decision {
  if (!askedBefore)
    throw new NotOursError('A stop by force is only used on an instance that this incident asked to stop.');
  if (!allowed) throw new ForceNotAllowedError('The stop hangs, and its owner has not allowed a stop by force.');
  return state === 'stopped' ? 'observe' : 'call';
}

/**
 * @param stoppedByUs whether this incident has written that it asked for the stop
 * @param wentBack whether a start has taken effect since; it is not made twice, and the watch says that it went back
 */
export function decideStart(state: State, stoppedByUs: boolean, wentBack = false): Decision {
  if (state === 'pending' || state === 'running') return 'observe';
  if (!stoppedByUs)
    throw new NotOursError(`The instance is ${state}, but not by this incident: it is not ours to start.`);
  if (state === 'stopping')
    throw new StillStoppingError('The instance is still stopping; it is started once it is stopped.');
  return wentBack ? 'observe' : 'call';
}
