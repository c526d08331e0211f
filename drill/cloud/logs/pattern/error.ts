import { PlaybookError } from '../../../../functions/shared/errors';

/** CloudWatch Logs refuses the pattern, as it does with an InvalidParameterException; the message says why. */
export class FilterPatternError extends PlaybookError {}
