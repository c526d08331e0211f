import { metrics } from '../../functions/metrics/emit';
import { logger } from '../../functions/shared/logger';

const methods = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/**
 * Collects what the steps log and count, in place of writing it to the terminal.
 * @returns the lines so far, and a function that lets them write again
 */
export function captureLogs(): { lines: string[]; release: () => void } {
  const lines: string[] = [];
  const sink = Object.fromEntries(methods.map((method) => [method, (line: string) => void lines.push(line)]));
  const writers = [logger, metrics()].map((writer) => ({ writer, before: Reflect.get(writer, 'console') as unknown }));
  for (const { writer } of writers) Reflect.set(writer, 'console', sink);
  return {
    lines,
    release: () => {
      for (const { writer, before } of writers) Reflect.set(writer, 'console', before);
    },
  };
}
