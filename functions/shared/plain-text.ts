/** Removes control characters and limits the text to 1,024 characters: the reason goes into a record and a notice. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').slice(0, 1024);
}

/** A text from outside on one line, without control characters. */
export const oneLineOf = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
