import { PlaybookError } from '../../functions/shared/errors';

/** A history cannot be run again: it lacks what is needed. */
export class RerunError extends PlaybookError {}
