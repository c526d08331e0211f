import { PlaybookError } from '../../functions/shared/errors';

/** Where something stands in a file; lines and columns count from 1. */
export interface Place {
  file: string;
  line: number;
  column?: number | undefined;
}

/** What can be said about a refusal besides what is wrong. */
export interface Refusal extends ErrorOptions {
  /** What the reader can do about it, as a sentence of its own. */
  howTo?: string;
}

/** A file from outside cannot be used; the message begins with file, line and column and ends with what to do. */
export class InputFileError extends PlaybookError {
  constructor({ file, line, column }: Place, what: string, { howTo, ...options }: Refusal = {}) {
    const place = [file, line, column].filter((part) => part !== undefined).join(':');
    super(`${place}: ${what}${howTo === undefined ? '' : `. ${howTo}`}`, options);
  }
}

/** How a part of a file's text is refused; which file, and as what kind of input, is known to whoever reads it. */
export type Refuse = (line: number, column: number | undefined, what: string, more?: Refusal) => InputFileError;
