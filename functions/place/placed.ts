import { credentialsOf } from './credentials';
import { currentStay } from './in-place';
import { renews, signsWith } from './renews';

/** What an SDK client signs with. */
interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}
type Provider = (options?: Record<string, unknown>) => Promise<Identity>;

/**
 * Lets a client sign each call with the credentials of the place that its caller is in. In the stage's own account it signs
 * as before, and nothing of STS is loaded. One client serves all places, so whatever stands in its middleware stack stands
 * before every one of them. A session that AWS refuses is replaced once.
 */
export function placed<C extends { config: { credentials: Provider }; middlewareStack: unknown }>(client: C): C {
  const own = client.config.credentials;
  const ofPlace: Provider = async (options) => {
    const stay = currentStay();
    return stay ? signsWith(await credentialsOf(stay)) : own(options);
  };
  // Unmarked, the SDK would keep the first answer for all later calls.
  client.config.credentials = Object.assign(ofPlace, { memoized: true, configBound: true, attributed: true });
  return renews(client);
}
