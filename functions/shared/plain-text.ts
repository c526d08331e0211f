/** Control characters, and what else would move or break a line. */
const withoutControls = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');

/** Removes control characters and limits the text to 1,024 characters: the reason goes into a record and a notice. */
export const plainText = (text: string): string => withoutControls(text).slice(0, 1024);

/** A text from outside on one line: it cannot add a line that looks like one of ours, nor steer what shows it. */
export const oneLine = (text: string): string => withoutControls(text).trim();
