import { StageError } from '../../drill/stage/errors';
import { whyNot } from '../../drill/stage/why';
import { RecordVersionError } from '../../functions/record/record-version';
import { PlaybookError } from '../../functions/shared/errors';
import { type Answer, fail, notAsked } from './line';

/** AWS does not let the caller ask: the check says so, and which permission is missing. */
export class NotAllowedError extends PlaybookError {}

/** Names of a refusal in the services that are asked; source: "Common errors" in their API references. */
const denials = /AccessDenied|UnauthorizedOperation|NotAuthorized|AuthorizationError/;

/**
 * Asks AWS one thing.
 * @param permission what the call needs, for example `sns:ListSubscriptionsByTopic`
 * @throws NotAllowedError naming the permission; other errors unchanged
 */
export async function ask<T>(permission: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (!denials.test((behind(cause) as Error)?.name)) throw cause;
    throw new NotAllowedError(permission, { cause });
  }
}

/** What AWS answered, behind an error of this project's own. */
const behind = (error: unknown): unknown =>
  error instanceof PlaybookError && error.cause !== undefined ? error.cause : error;

/** What a socket or a name server says where AWS cannot be reached. */
const network = /^(ENOTFOUND|ECONN\w+|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH)$/;

/** Whether AWS, or the way to it, is the reason, and not this program. */
function isFromAws(error: unknown): boolean {
  const { $metadata, code, name } = (error ?? {}) as { $metadata?: unknown; code?: unknown; name?: unknown };
  return $metadata !== undefined || network.test(String(code)) || name === 'TimeoutError';
}

/** The answer of a check that could not ask: never ok. @throws what is no answer of AWS, unchanged */
export function unanswered(error: unknown): Answer {
  if (error instanceof NotAllowedError)
    return notAsked(
      `your credentials lack ${error.message}`,
      `allow ${error.message} (docs/operating.md, "Before and after deploying")`,
    );
  if (error instanceof StageError)
    return fail(error.message, 'deploy the stage again with this version of the project');
  if (error instanceof RecordVersionError)
    return fail(error.message, 'run this command from a clone of the release that is deployed');
  if (!isFromAws(behind(error))) throw error;
  return notAsked(whyNot(behind(error)), 'run the command again; if it stays so, look at the error');
}

/** Asks, and answers with nothing where AWS says that there is no such thing. */
export async function orNothing<T>(names: RegExp, asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (names.test((error as Error)?.name)) return undefined;
    throw error;
  }
}
