import { PlaybookError } from '../../functions/shared/errors';

/** The drill on a stage was not started: something does not exist, is not allowed, or was not confirmed. */
export class StageError extends PlaybookError {}

/** The execution was started, but its history can no longer be read; it continues. */
export class FollowError extends PlaybookError {}
