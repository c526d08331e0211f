import { PlaybookError } from '../../functions/shared/errors';

/** A place in a file; lines and columns count from 1. */
export interface Place {
  file: string;
  line: number;
  column?: number | undefined;
}

/** What an error can say in addition to what is wrong. */
export interface Refusal extends ErrorOptions {
  /** What the reader can do about it, as a sentence of its own. */
  howTo?: string;
}

/** An input file cannot be used; the message begins with file, line and column and ends with what to do. */
export class InputFileError extends PlaybookError {
  constructor({ file, line, column }: Place, what: string, { howTo, ...options }: Refusal = {}) {
    const place = [file, line, column].filter((part) => part !== undefined).join(':');
    super(`${place}: ${what}${howTo === undefined ? '' : `. ${howTo}`}`, options);
  }
}

/** Makes the error for a part of a file's text; the reader of the file adds its name and the kind of input. */
export type Refuse = (line: number, column: number | undefined, what: string, more?: Refusal) => InputFileError;
