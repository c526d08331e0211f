/** Base of every error that this project throws: a state machine's Catch and Retry match on `name`. */
export abstract class PlaybookError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Input from outside does not match its schema. `field` is the path of the first invalid field. */
export class InvalidInputError extends PlaybookError {
  readonly field: string;
  constructor(field: string, message: string, options?: ErrorOptions) {
    super(`${field}: ${message}`, options);
    this.field = field;
  }
}
