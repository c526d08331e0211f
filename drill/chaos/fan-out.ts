import { fork } from 'node:child_process';
import { join } from 'node:path';
import { PlaybookError } from '../../functions/shared/errors';
import type { ChaosOutcome } from './run';

/** A process that ran random drills ended before its work was done. */
export class ChaosWorkerError extends PlaybookError {}

/**
 * Runs the drills of `runs` seeds from `seed` on, spread over `jobs` processes.
 * @param onOutcome told of each as it comes, in no particular order
 */
export async function fanOut(
  seed: number,
  runs: number,
  jobs: number,
  onOutcome: (outcome: ChaosOutcome) => void,
): Promise<ChaosOutcome[]> {
  const outcomes: ChaosOutcome[] = [];
  const workers = Array.from({ length: Math.min(jobs, runs) }, (_, index) => {
    const share = Math.ceil((runs - index) / jobs);
    return runWorker([seed + index, share, jobs], (outcome) => {
      outcomes.push(outcome);
      onOutcome(outcome);
    });
  });
  await Promise.all(workers);
  return outcomes.sort((a, b) => a.seed - b.seed);
}

function runWorker(argv: readonly number[], onOutcome: (outcome: ChaosOutcome) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // The loader that runs TypeScript comes along with this process's own arguments.
    const child = fork(join(__dirname, 'worker.ts'), argv.map(String), { execArgv: process.execArgv });
    let left = argv[1]!;
    child.on('message', (outcome: ChaosOutcome) => {
      left -= 1;
      onOutcome(outcome);
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (left === 0) resolve();
      else
        reject(
          new ChaosWorkerError(`A process of random drills ended with ${code}, and ${left} of its seeds were not run.`),
        );
    });
  });
}
