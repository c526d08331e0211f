/** Characters that do not show, steer a terminal, or turn the reading direction; tabs and line ends are none of them. */
const invisible = /(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text from outside as a person may see it: what would steer a terminal or hide itself becomes a visible mark. */
export const shown = (text: string): string => text.replace(invisible, '\ufffd');

/** What `paint` writes around a text: bold, dim and four colours, and their ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that may pass
const ownCodes = /(\u001b\[(?:1|2|22|31|32|33|36|39)m)/;

/** A line for a terminal: our own colours pass, and nothing else of what would steer it. */
export const forTerminal = (line: string): string =>
  line
    .split(ownCodes)
    .map((part, i) => (i % 2 === 1 ? part : shown(part)))
    .join('');

/** A JSON document on one line in which nothing can steer a terminal: such characters are written as escapes. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(invisible, (character) =>
    [...character]
      .flatMap((one) => one.split(''))
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
