import { PlaybookError } from '../../functions/shared/errors';

/** A history cannot be run again: what it would take is not in it. */
export class RerunError extends PlaybookError {}
