import { FilterPatternError } from './error';
import { parseRegex } from './regex';

export const operators = ['!=', '<=', '>=', '=', '<', '>'] as const;
export type Operator = (typeof operators)[number];

/** A value that a pattern compares with, as it is written. */
export interface Wanted {
  text: string;
  form: 'quoted' | 'regex' | 'plain';
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * The test that an operator makes of a value of a line. Numbers are compared as numbers, text as text, with `*` for any
 * characters; `<` and the like compare numbers alone.
 * Source: CloudWatch Logs user guide, "Filter pattern syntax", JSON and space-delimited log events.
 * @throws FilterPatternError
 */
export function comparison(operator: Operator, wanted: Wanted): (value: string | number | boolean) => boolean {
  const equals = equality(wanted);
  if (operator === '=') return equals;
  if (operator === '!=') return (value) => !equals(value);
  if (wanted.form !== 'plain' || !number.test(wanted.text))
    throw new FilterPatternError(`"${operator}" compares numbers, and "${wanted.text}" is none.`);
  const limit = Number(wanted.text);
  const numeric = (test: (value: number) => boolean) => (value: string | number | boolean) =>
    isNumber(value) && test(Number(value));
  if (operator === '<') return numeric((value) => value < limit);
  if (operator === '>') return numeric((value) => value > limit);
  if (operator === '<=') return numeric((value) => value <= limit);
  return numeric((value) => value >= limit);
}

const isNumber = (value: unknown) => typeof value === 'number' || (typeof value === 'string' && number.test(value));

function equality({ text, form }: Wanted): (value: string | number | boolean) => boolean {
  if (form === 'regex') {
    const expression = parseRegex(text);
    return (value) => typeof value !== 'boolean' && expression.test(String(value));
  }
  if (form === 'plain' && number.test(text)) return (value) => isNumber(value) && Number(value) === Number(text);
  const source = text
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('[^]*');
  const expression = new RegExp(`^${source}$`);
  return (value) => typeof value === 'string' && expression.test(value);
}
