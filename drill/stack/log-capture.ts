import { logger } from '../../functions/shared/logger';

const methods = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/**
 * Collects what the steps log, in place of writing it to the terminal.
 * @returns the lines so far, and a function that lets the logger write again
 */
export function captureLogs(): { lines: string[]; release: () => void } {
  const lines: string[] = [];
  const before: unknown = Reflect.get(logger, 'console');
  const sink = Object.fromEntries(methods.map((method) => [method, (line: string) => void lines.push(line)]));
  Reflect.set(logger, 'console', sink);
  return { lines, release: () => void Reflect.set(logger, 'console', before) };
}
