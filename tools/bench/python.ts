import { spawnSync } from 'node:child_process';

/** The python that is asked for what only it has: the one of the variable PYTHON, or else python3. */
export const python = process.env.PYTHON ?? 'python3';

/** Whether that python has a module. */
export const hasModule = (name: string): boolean => spawnSync(python, ['-c', `import ${name}`]).status === 0;

/**
 * Runs a script of that python and gives what it prints.
 * @throws Error with what it said on its error stream
 */
export function runPython(script: string, ...parameters: readonly string[]): string {
  const run = spawnSync(python, [script, ...parameters], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`${script} failed: ${run.stderr}`);
  return run.stdout;
}
