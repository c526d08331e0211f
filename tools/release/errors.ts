import { PlaybookError } from '../../functions/shared/errors';

/** No release can be made of the packaged stage; the message names the place in it and what to do. */
export class ReleaseMakingError extends PlaybookError {}
