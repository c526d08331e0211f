import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PlaybookError } from '../../functions/shared/errors';

/** Another process held the lock for longer than packaging can take. */
export class LockTimeoutError extends PlaybookError {}

const pollMs = 100;
const patienceMs = 180_000;

/**
 * Runs the work while no other process does, using a directory that only one of them can create.
 * The lock of a dead process is taken over.
 * @throws LockTimeoutError after three minutes
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const attempts = patienceMs / pollMs;
  for (let attempt = 0; !(await take(path)); attempt += 1) {
    if (attempt >= attempts)
      throw new LockTimeoutError(`Another process is still packaging. If none is running, remove ${path}.`);
    await wait(pollMs);
  }
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (await isAbandoned(path)) await rm(path, { recursive: true, force: true });
    return false;
  }
  await writeFile(join(path, 'pid'), String(process.pid));
  return true;
}

async function isAbandoned(path: string): Promise<boolean> {
  const pid = Number(await readFile(join(path, 'pid'), 'utf8').catch(() => ''));
  if (!pid) return false; // just created: its owner has not written its number yet
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
