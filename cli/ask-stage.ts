import { whyNot } from '../drill/stage/why';
import { PlaybookError } from '../functions/shared/errors';

/** A stage did not do what it was asked: it is not there, cannot be reached, or the caller may not. */
export class StageCallError extends PlaybookError {}

/**
 * Asks AWS something for a person.
 * @param what the sentence's beginning, for example `The kill switch of prod was not changed`
 * @throws StageCallError with that sentence and the reason; errors of this project as they are
 */
export async function askStage<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof PlaybookError) throw cause;
    throw new StageCallError(`${what}: ${whyNot(cause)}`, { cause });
  }
}
