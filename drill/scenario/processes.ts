import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PlaybookError } from '../../functions/shared/errors';
import type { DrillResult } from './result';

/** A process that ran scenarios ended too early. */
export class ScenarioWorkerError extends PlaybookError {}

/** The arguments for Node to run TypeScript, however this process was started. */
const typescriptLoader = ['--import', pathToFileURL(require.resolve('tsx')).href];

/** A process's message for one scenario. */
export type Answer = { name: string; tookMs: number } & ({ result: DrillResult } | { broke: string });

type Ended = Answer & { result: DrillResult };

/** Callbacks for the caller, and the signal to stop early. */
export interface Watch {
  onBegin?: (name: string) => void;
  signal?: AbortSignal;
}

/**
 * Runs scenarios in separate processes, each of which takes the next as soon as it is free: a drill needs the clock of
 * its whole process.
 * @param names in the order of starting
 * @param onAnswer called for each as it ends; throwing stops the processes
 * @param watch once its signal is aborted, nothing more is started, and running scenarios are stopped
 * @throws ScenarioWorkerError if a scenario could not be run, or a process died
 */
export async function runInProcesses(
  names: readonly string[],
  jobs: number,
  onAnswer: (answer: Ended) => void,
  watch: Watch = {},
): Promise<void> {
  const waiting = [...names];
  const children: ChildProcess[] = [];
  try {
    await Promise.all(
      Array.from({ length: Math.min(jobs, names.length) }, () => {
        const child = fork(join(__dirname, 'worker.ts'), [], { execArgv: typescriptLoader, serialization: 'advanced' });
        children.push(child);
        return feed(child, waiting, onAnswer, watch);
      }),
    );
  } finally {
    for (const child of children) child.kill();
  }
}

function feed(
  child: ChildProcess,
  waiting: string[],
  onAnswer: (answer: Ended) => void,
  { onBegin, signal }: Watch,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let current: string | undefined;
    const next = () => {
      current = signal?.aborted ? undefined : waiting.shift();
      if (current === undefined) return resolve();
      onBegin?.(current);
      child.send(current);
    };
    signal?.addEventListener('abort', () => resolve());
    child.on('message', (answer: Answer) => {
      try {
        if ('broke' in answer) throw new ScenarioWorkerError(`${answer.name}: ${answer.broke}`);
        onAnswer(answer);
        next();
      } catch (error) {
        reject(error);
      }
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (current !== undefined)
        reject(new ScenarioWorkerError(`The process that ran "${current}" ended with ${code ?? signal}.`));
    });
    next();
  });
}
