import { whyNot } from '../drill/stage/why';
import { PlaybookError } from '../functions/shared/errors';

/** A call to a stage failed: it does not exist, cannot be reached, or the caller lacks permission. */
export class StageCallError extends PlaybookError {}

/**
 * Calls AWS on behalf of the person at the command line.
 * @param what the start of the error message, for example `The kill switch of prod was not changed`
 * @throws StageCallError with that message and the reason; this project's errors unchanged
 */
export async function askStage<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof PlaybookError) throw cause;
    throw new StageCallError(`${what}: ${whyNot(cause)}`, { cause });
  }
}
