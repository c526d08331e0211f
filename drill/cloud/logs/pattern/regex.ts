import { FilterPatternError } from './error';

/**
 * A regular expression between percent signs. Letters and digits, `_ # = @ / ; , - :` and blanks, and the operators
 * `^ $ ? [ ] { } | \ * + .`: no parentheses, and nothing beyond ASCII.
 * Source: CloudWatch Logs user guide, "Supported regular expressions (regex) syntax".
 * @throws FilterPatternError
 */
export function parseRegex(source: string): RegExp {
  if (source === '') throw new FilterPatternError('A regular expression is empty.');
  const wrong = /[^A-Za-z0-9_#=@/;,\-: ^$?[\]{}|\\*+.]/.exec(source);
  if (wrong) throw new FilterPatternError(`A regular expression may not have "${wrong[0]}".`);
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new FilterPatternError('The regular expression is not valid.', { cause });
  }
}
