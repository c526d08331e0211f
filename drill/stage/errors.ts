import { PlaybookError } from '../../functions/shared/errors';

/** The drill on a stage was not begun: what it asks for is not there, not allowed, or not confirmed. Nothing was started. */
export class StageError extends PlaybookError {}

/** The execution was started, and its history can no longer be read; it goes on by itself. */
export class FollowError extends PlaybookError {}
