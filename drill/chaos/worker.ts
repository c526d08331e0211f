import { stopRecordStore } from '../stack/record-store';
import { runSeed } from './run';

/** A process of its own for every n-th seed: a drill needs the clock of its whole process. */
async function main([first, runs, step]: readonly number[]): Promise<void> {
  for (let index = 0; index < runs!; index++) process.send?.(await runSeed(first! + index * step!));
  await stopRecordStore();
  process.disconnect?.();
}

void main(process.argv.slice(2).map(Number));
