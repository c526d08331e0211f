import { parseDelimited } from './delimited';
import { FilterPatternError } from './error';
import type { Filter } from './filter';
import { parseJson } from './json';
import { parseText } from './text';

export { FilterPatternError } from './error';
export type { Extracted, Filter } from './filter';

/** Source: CloudWatch Logs API reference, PutMetricFilter, filterPattern. */
const mostCharacters = 1024;
/** Source: CloudWatch Logs user guide, "Supported regular expressions (regex) syntax", quotas. */
const mostRegexes = 2;

/**
 * Parses a filter pattern as CloudWatch Logs does, as far as it is used here.
 * @throws FilterPatternError for what AWS refuses, UnmodelledInputError for what is not modelled
 */
export function parsePattern(pattern: string): Filter {
  if (pattern.length > mostCharacters)
    throw new FilterPatternError(
      `The pattern has ${pattern.length} characters, and ${mostCharacters} at most are taken.`,
    );
  const text = pattern.trim();
  const filter = text.startsWith('{') ? parseJson(text) : text.startsWith('[') ? parseDelimited(text) : parseText(text);
  if (filter.regexes > mostRegexes)
    throw new FilterPatternError(`A pattern has ${mostRegexes} regular expressions at most.`);
  return filter;
}
