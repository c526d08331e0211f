import type { Snapshot } from '../guard/snapshot';
import { IncorrectInstanceStateError } from '../shared/aws-errors';
import { PlaybookError } from '../shared/errors';

/** Someone else stopped the instance, so automation neither stops nor starts it. */
export class NotOursError extends PlaybookError {}
/** The instance's owner has not allowed a forced stop. */
export class ForceNotAllowedError extends PlaybookError {}
/** The instance is still stopping; EC2 rejects a start until it is stopped. */
export class StillStoppingError extends PlaybookError {}

/** The entry of a stop that found the instance stopped by someone else: its stop request stopped nothing. */
export const stoppedByOthers = 'stopped-by-others';

export type Decision = 'call' | 'observe';
type State = Snapshot['state'];

/** @param askedBefore whether this incident has recorded its stop request */
export function decideStop(state: State, askedBefore: boolean): Decision {
  if (state === 'running') return 'call';
  if (state === 'pending')
    throw new IncorrectInstanceStateError('The instance is still starting, so it is not stopped.');
  if (!askedBefore)
    throw new NotOursError(`Someone else stopped the instance (it is ${state}). Start it if it should be running.`);
  return 'observe';
}

export function decideForce(state: State, askedBefore: boolean, allowed: boolean): Decision {
  if (!askedBefore)
    throw new NotOursError('A forced stop is only used on an instance that this incident asked to stop.');
  if (!allowed)
    throw new ForceNotAllowedError(
      'The stop hangs, and the owner has not allowed a forced stop. Force it yourself, then start the instance.',
    );
  return state === 'stopped' ? 'observe' : 'call';
}

/**
 * @param stoppedByUs whether this incident has recorded its stop request
 * @param wentBack whether a start has taken effect since; it is not repeated, and the watch reports that it went back
 */
export function decideStart(state: State, stoppedByUs: boolean, wentBack = false): Decision {
  if (state === 'pending' || state === 'running') return 'observe';
  if (!stoppedByUs)
    throw new NotOursError(
      `The instance is ${state}, but this incident did not stop it. Start it if it should be running.`,
    );
  if (state === 'stopping')
    throw new StillStoppingError('The instance is still stopping; it is started once it is stopped.');
  return wentBack ? 'observe' : 'call';
}
