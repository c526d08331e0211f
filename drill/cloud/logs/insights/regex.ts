import { UnmodelledInputError } from '../../errors';
import { MalformedQueryError } from './error';

/** A regular expression of a query. @throws MalformedQueryError */
export function regexOf(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new MalformedQueryError('Invalid regular expression', { cause });
  }
}

/**
 * A regular expression after `parse`: each named group is a field.
 * Source: CloudWatch Logs user guide, "parse".
 * @throws MalformedQueryError without a named group; UnmodelledInputError for a group without a name, of which the guide
 *   says nothing
 */
export function parsingRegex(source: string): RegExp {
  const expression = regexOf(source);
  const groups = [...source.replace(/\\./g, '').matchAll(/\((?!\?<[A-Za-z])/g)];
  if (groups.length > 0) throw new UnmodelledInputError('A group without a name in a parse command is not modelled.');
  if (!/\(\?<[A-Za-z]/.test(source)) throw new MalformedQueryError('Expected at least one named group in parse');
  return expression;
}
