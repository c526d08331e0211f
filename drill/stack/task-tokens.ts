import { PlaybookError } from '../../functions/shared/errors';
import type { Ids } from './ids';

/** A callback came for a token that no task waits for (any more). */
export class TaskTokenError extends PlaybookError {}

/** A task waits for a token that was never handed to anyone. */
export class TaskTokenMissingError extends PlaybookError {}

interface Waiting {
  resolve: (output: unknown) => void;
  reject: (error: Error) => void;
  answer: Promise<unknown>;
}

/** Tasks of `.waitForTaskToken` that wait for SendTaskSuccess or SendTaskFailure. */
export class TaskTokens {
  readonly #ids: Ids;
  readonly #waiting = new Map<string, Waiting>();
  readonly #known = new Set<string>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** The part of the context object from which a machine takes a token: each reading of `$$.Task.Token` gives a new one. */
  contextObject(): { Task: { readonly Token: string } } {
    const open = () => this.#open();
    return {
      Task: {
        get Token() {
          return open();
        },
      },
    };
  }

  /** Settles as the callback says for the token that stands somewhere in the payload. */
  answerTo(payload: unknown): Promise<unknown> {
    const text = JSON.stringify(payload ?? null);
    const token = [...this.#waiting.keys()].find((known) => text.includes(known));
    const waiting = token === undefined ? undefined : this.#waiting.get(token);
    if (!waiting) throw new TaskTokenMissingError('The task hands no $$.Task.Token to its function.');
    return waiting.answer;
  }

  /** Whether a token was ever handed out. */
  isKnown(token: string): boolean {
    return this.#known.has(token);
  }

  /** As SendTaskSuccess. @throws TaskTokenError when nobody waits for the token */
  succeed(token: string, output: unknown): void {
    this.#take(token).resolve(output);
  }

  /** As SendTaskFailure. @throws TaskTokenError when nobody waits for the token */
  fail(token: string, error: string, cause: string): void {
    this.#take(token).reject(Object.assign(new Error(cause), { name: error }));
  }

  #open(): string {
    const token = this.#ids();
    let settle: Pick<Waiting, 'resolve' | 'reject'> = { resolve: () => {}, reject: () => {} };
    const answer = new Promise<unknown>((resolve, reject) => {
      settle = { resolve, reject };
    });
    answer.catch(() => {}); // a failure may come before the task has begun to wait
    this.#known.add(token);
    this.#waiting.set(token, { ...settle, answer });
    return token;
  }

  #take(token: string): Waiting {
    const waiting = this.#waiting.get(token);
    if (!waiting) throw new TaskTokenError('TaskTimedOut: no task waits for this token.');
    this.#waiting.delete(token);
    return waiting;
  }
}
