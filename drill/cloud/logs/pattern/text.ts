import { UnmodelledInputError } from '../../errors';
import { FilterPatternError } from './error';
import type { Filter } from './filter';
import { parseRegex } from './regex';

interface Term {
  sign: '' | '-' | '?';
  holds: (message: string) => boolean;
}

/** A sign, and a quoted phrase, a regular expression, or a word; what follows must be a blank or the end. */
const term = /^([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|([A-Za-z0-9_]+))(?=\s|$)/;

/**
 * A pattern of terms: all must be in the line, none that has a minus; or any of those that have question marks. Capitals
 * count. Terms with anything but letters, digits and underscores need quotation marks.
 * Source: CloudWatch Logs user guide, "Filter pattern syntax", unstructured log events.
 * @throws FilterPatternError, UnmodelledInputError
 */
export function parseText(pattern: string): Filter {
  const terms: Term[] = [];
  let regexes = 0;
  for (let rest = pattern.trim(); rest !== ''; ) {
    const found = term.exec(rest);
    if (!found) throw new FilterPatternError(`"${rest.slice(0, 40)}" is no term: put it in quotation marks.`);
    const [whole, sign = '', quoted, regex, word] = found;
    if (regex !== undefined) regexes += 1;
    terms.push({ sign: sign as Term['sign'], holds: holder(quoted ?? word, regex) });
    rest = rest.slice(whole.length).trimStart();
  }
  if (regexes > 1 || (regexes > 0 && terms.length > 1))
    throw new UnmodelledInputError('A regular expression beside other terms is not modelled.');
  const any = terms.filter(({ sign }) => sign === '?');
  // AWS takes such a pattern and ignores the terms with question marks, which nobody means who writes it.
  if (any.length > 0 && any.length < terms.length)
    throw new UnmodelledInputError('CloudWatch Logs ignores terms with question marks beside others.');
  const matches = (message: string) =>
    any.length > 0
      ? any.some(({ holds }) => holds(message))
      : terms.every(({ sign, holds }) => holds(message) === (sign === ''));
  return { kind: 'text', regexes, match: (message) => (matches(message) ? {} : undefined) };
}

function holder(text: string | undefined, regex: string | undefined): Term['holds'] {
  if (regex !== undefined) {
    const expression = parseRegex(regex);
    return (message) => expression.test(message);
  }
  const wanted = (text ?? '').replace(/\\(.)/g, '$1');
  // A blank in quotation marks stands for every event.
  return wanted.trim() === '' ? () => true : (message) => message.includes(wanted);
}
