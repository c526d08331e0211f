import { PlaybookError } from '../../functions/shared/errors';

/** Nothing was made: the message says why, and what to do. */
export class ActError extends PlaybookError {}
