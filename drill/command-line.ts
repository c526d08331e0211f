import type { Command } from 'commander';
import { PlaybookError } from '../functions/shared/errors';
import { shown } from './render/shown';

/** A reader that has enough (head, less) closes the pipe: that ends a command line, and is not an error. */
function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

/** A command line that is used wrongly ends with 2, like those of drills; what it says itself keeps its own code. */
export const endingWithTwo = (command: Command): Command =>
  command.exitOverride(({ code, exitCode }) =>
    process.exit(exitCode === 0 || code === 'commander.error' ? exitCode : 2),
  );

/**
 * Runs a command line's work: a number that it returns is the exit code. An error of this project ends it with 2 and its
 * message alone, and any other as it is.
 */
export async function asCommand(work: () => Promise<unknown>): Promise<void> {
  endOnClosedPipe();
  try {
    const code = await work();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    process.stderr.write(`${shown(error.message)}\n`);
    process.exitCode = 2;
  }
}
