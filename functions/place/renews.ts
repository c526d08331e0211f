import { AsyncLocalStorage } from 'node:async_hooks';
import { aroundCalls } from '../shared/around-calls';
import { forgetSession, type PlaceCredentials } from './credentials';
import { currentStay } from './in-place';

/** A call in another account, with the session that it was signed with last. */
interface SignedCall {
  session?: PlaceCredentials;
}

const calls = new AsyncLocalStorage<SignedCall>();

/** Notes the session that the running call is signed with. */
export function signsWith(session: PlaceCredentials): PlaceCredentials {
  const call = calls.getStore();
  if (call) call.session = session;
  return session;
}

/**
 * Makes a call in another account once more, with a new session, when AWS refuses the session that it was signed with: cached
 * credentials may end before their time. AWS looks at them before anything else, so a call that is refused for them has done
 * nothing, and may be repeated whatever it changes. In the stage's own account nothing is repeated.
 */
export const renews = <C extends { middlewareStack: unknown }>(client: C): C =>
  aroundCalls(client, 'renew-session', async (call) => {
    const stay = currentStay();
    if (!stay) return call();
    const signed: SignedCall = {};
    try {
      return await calls.run(signed, call);
    } catch (error) {
      if (!signed.session || !isRefusedSession(error)) throw error;
      forgetSession(stay, signed.session);
      return call();
    }
  });

/**
 * Codes for a session that has ended, or that AWS does not know, by service: EC2 says `RequestExpired` and `AuthFailure`,
 * those of the query protocol and S3 `ExpiredToken` and `InvalidClientTokenId`, those that speak JSON `ExpiredTokenException`
 * and `UnrecognizedClientException`. `AuthFailure` and `RequestExpired` have other causes too; they refuse the call all the same.
 * Source: "Common errors" of each API reference; aws-sdk-go#253 for which codes expired credentials have, aws-sdk-java#1443
 * for EC2's.
 */
const refusedSession =
  /^(RequestExpired|ExpiredToken(Exception)?|AuthFailure|InvalidClientTokenId|UnrecognizedClientException)$/;

/** An answer of AWS with such a code; what is an error of the server (5xx) may have done something. */
function isRefusedSession(error: unknown): boolean {
  const { name = '', $metadata } = (error ?? {}) as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return refusedSession.test(name) && status >= 400 && status < 500;
}
