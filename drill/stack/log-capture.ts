import { logger } from '../../functions/shared/logger';

/**
 * Collects what the steps log and count, in place of writing it to the terminal.
 * @returns the lines so far, and a function that lets them write again
 */
export function captureLogs(): { lines: string[]; release: () => void } {
  const lines: string[] = [];
  const sink = (line: string) => void lines.push(line);
  const before = logger.console;
  logger.console = { info: sink, error: sink };
  return {
    lines,
    release: () => {
      logger.console = before;
    },
  };
}
