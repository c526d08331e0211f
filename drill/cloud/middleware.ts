import { arrive, depart } from '../time/departures';
import { realWork } from '../time/real-work';
import type { Signed } from './accounts';
import type { Pipeline } from './pipeline';
import { type SdkClient, serviceOf } from './sdk-client';
import type { ServiceName } from './service';

const NAME = 'simulated-cloud';
const DEPARTURE = 'simulated-cloud-departure';

/** A call that has left a client, and with what it is signed. */
export interface SignedCall {
  service: ServiceName;
  command: string;
  input: object;
  signed: Signed;
}

/** Answers every call of `client` by `answer`. @returns a function that detaches it. */
export function attachTo(client: SdkClient, answer: (call: SignedCall) => Promise<unknown>): () => void {
  return intercept(client, async ({ command, input, signed }) => {
    const output = await answer({ service: serviceOf(client), command, input, signed });
    return {
      response: {},
      output: { ...(output as object), $metadata: { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 } },
    };
  });
}

/** Lets every call of `client` through to the real service, but with the ledger and the faults of the cloud. */
export function observeOn(client: SdkClient, pipeline: Pipeline): () => void {
  return intercept(client, ({ command, input }, next) =>
    pipeline.send({ service: serviceOf(client), command, input, target: { next: () => realWork(next()) } }),
  );
}

type Handle = (call: Omit<SignedCall, 'service'>, next: () => Promise<unknown>) => Promise<unknown>;

/** As much of a request's context as the SDK fills in before it retries: it has chosen credentials and region by then. */
interface Context {
  commandName?: string;
  __smithy_context?: {
    selectedHttpAuthScheme?: {
      identity?: { accessKeyId?: string };
      httpAuthOption?: { signingProperties?: { region?: string } };
    };
  };
}

/** The middleware stands inside the SDK's retry loop, so that refusals are retried exactly as on AWS. */
function intercept(client: SdkClient, handle: Handle): () => void {
  const middleware =
    (next: (args: { input: object }) => Promise<unknown>, context: Context) => (args: { input: object }) => {
      const command = (context.commandName ?? '').replace(/Command$/, '');
      const call = { command, input: args.input, signed: signedIn(context) };
      return arrive(() => handle(call, () => next(args)));
    };
  const departure = (next: (args: unknown) => Promise<unknown>) => (args: unknown) => depart(() => next(args));
  // Innermost of its step: what repeats a whole call there waits in simulated time.
  client.middlewareStack.add(departure, { step: 'initialize', priority: 'low', name: DEPARTURE });
  client.middlewareStack.addRelativeTo(middleware, { relation: 'after', toMiddleware: 'retryMiddleware', name: NAME });
  return () => {
    client.middlewareStack.remove(NAME);
    client.middlewareStack.remove(DEPARTURE);
  };
}

function signedIn({ __smithy_context: context }: Context): Signed {
  const { identity, httpAuthOption } = context?.selectedHttpAuthScheme ?? {};
  return { accessKeyId: identity?.accessKeyId, region: httpAuthOption?.signingProperties?.region };
}
