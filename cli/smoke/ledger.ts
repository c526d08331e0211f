import { whyNot } from '../../drill/stage/why';
import { type Answer, fail, type Line, ok } from '../doctor/line';

/** How something that a run has changed goes back. */
export interface Undo {
  /** For example `the alarm …-cpu-high-i-… is as it was`. */
  what: string;
  undo: () => Promise<unknown>;
  /** The command for a person, where the run could not do it. */
  byCommand: string;
}

/**
 * What a run has to put back. A change is noted before it is made, so that neither an error nor Ctrl-C right after it
 * leaves it behind; putting back what was not changed does nothing.
 */
export class Ledger {
  readonly #open: Undo[] = [];

  /** Notes how a change goes back. @returns a function that puts it back now; a second call does nothing */
  note(entry: Undo): () => Promise<Line | undefined> {
    this.#open.push(entry);
    return async () => {
      const at = this.#open.indexOf(entry);
      if (at < 0) return undefined;
      this.#open.splice(at, 1);
      return putBack(entry);
    };
  }

  /** Puts everything back that is still open, the last change first; one that fails hinders no other. */
  async settle(): Promise<Line[]> {
    const lines: Line[] = [];
    for (let entry = this.#open.pop(); entry; entry = this.#open.pop()) lines.push(await putBack(entry));
    return lines;
  }
}

async function putBack({ what, undo, byCommand }: Undo): Promise<Line> {
  const line = (answer: Answer): Line => ({ id: 'put-back', what: 'put back', ...answer });
  try {
    await undo();
    return line(ok(what));
  } catch (error) {
    return line(fail(`not: ${what} (${whyNot(error)})`, byCommand));
  }
}
