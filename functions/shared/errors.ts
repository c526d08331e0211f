/** Base of every error this project throws: `name` is what a state machine's Catch and Retry match on. */
export abstract class PlaybookError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Input from outside did not fit its schema. `field` is the path of the first field that is wrong. */
export class InvalidInputError extends PlaybookError {
  readonly field: string;
  constructor(field: string, message: string, options?: ErrorOptions) {
    super(`${field}: ${message}`, options);
    this.field = field;
  }
}
