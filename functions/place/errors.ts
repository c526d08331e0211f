import { PlaybookError } from '../shared/errors';

/** The role in another account cannot be taken on: it is refused, or nothing answers. Nothing was done there. */
export class PlaceUnreachableError extends PlaybookError {}

/** The stage does not list the place any more, or never did. Nothing was done there. */
export class PlaceNotListedError extends PlaybookError {}
