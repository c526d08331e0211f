import { BacktestError } from './settings';

/**
 * Runs an operation on a file or folder, with a clear error when it fails.
 * @param failure for example "cannot be read"
 * @throws BacktestError naming the file, with the system's code
 */
export async function onFile<T>(file: string, failure: string, touch: () => Promise<T>): Promise<T> {
  try {
    return await touch();
  } catch (cause) {
    throw new BacktestError(`${file}: ${failure} (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, { cause });
  }
}
