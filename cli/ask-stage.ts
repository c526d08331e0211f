import type { Command } from 'commander';
import { whyNot } from '../drill/stage/why';
import { PlaybookError } from '../functions/shared/errors';

/** A stage did not do what it was asked: it is not there, cannot be reached, or the caller may not. */
export class StageCallError extends PlaybookError {}

/**
 * Asks AWS something for a person.
 * @param what the sentence's beginning, for example `The kill switch of prod was not changed`
 * @throws StageCallError with that sentence and the reason; errors of this project as they are
 */
export async function askStage<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof PlaybookError) throw cause;
    throw new StageCallError(`${what}: ${whyNot(cause)}`, { cause });
  }
}

/** A command line that is used wrongly ends with 2, like those of drills; what it says itself keeps its own code. */
export const endingWithTwo = (command: Command): Command =>
  command.exitOverride(({ code, exitCode }) =>
    process.exit(exitCode === 0 || code === 'commander.error' ? exitCode : 2),
  );

/** Runs a command line's work: an error of this project ends it with 2 and its message alone, and any other as it is. */
export async function asCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
