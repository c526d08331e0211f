import { shown } from '../../drill/render/shown';

/** What a spreadsheet takes for the beginning of a formula, its wide forms too. */
const formula = '[=+\\-@\uff1d\uff0b\uff0d\uff20]';
const atStart = new RegExp(`^([\\s"]*)(?=${formula})`, 'u');
/** Spreadsheets of other languages separate columns by these, and would begin a cell of their own there. */
const afterSeparator = new RegExp(`([;\\t\\r\\n][\\s"]*)(?=${formula})`, 'gu');
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A cell of a CSV file that no spreadsheet takes for a formula and that steers no terminal: an apostrophe before it makes it
 * text. A number stays a number, with its sign.
 * Source: OWASP, "CSV Injection".
 */
export function csvCell(text: string): string {
  if (number.test(text)) return text;
  const safe = shown(text)
    .replace(atStart, "$1'")
    .replace(afterSeparator, "$1'")
    .replace(/^(?=[\t\r\n])/, "'");
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
