import { PlaybookError } from '../../../../functions/shared/errors';

/** Logs Insights refuses the query, as it does with a MalformedQueryException; the message says why. */
export class MalformedQueryError extends PlaybookError {}
