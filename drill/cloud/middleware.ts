import type { Pipeline } from './pipeline';
import { type SdkClient, serviceOf } from './sdk-client';
import type { ServiceModel, ServiceName } from './service';

const NAME = 'simulated-cloud';

/** Answers every call of `client` from `models`. @returns a function that detaches it. */
export function attachTo(
  client: SdkClient,
  pipeline: Pipeline,
  models: ReadonlyMap<ServiceName, ServiceModel>,
): () => void {
  return intercept(client, async (command, input) => {
    const service = serviceOf(client);
    const model = models.get(service)?.commands[command];
    const output = await pipeline.send({ service, command, input, target: { model } });
    return {
      response: {},
      output: { ...(output as object), $metadata: { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 } },
    };
  });
}

/** Lets every call of `client` through to the real service, but with the ledger and the faults of the cloud. */
export function observeOn(client: SdkClient, pipeline: Pipeline): () => void {
  return intercept(client, (command, input, next) =>
    pipeline.send({ service: serviceOf(client), command, input, target: { next } }),
  );
}

type Handle = (command: string, input: object, next: () => Promise<unknown>) => Promise<unknown>;

/** The middleware stands inside the SDK's retry loop, so that refusals are retried exactly as on AWS. */
function intercept(client: SdkClient, handle: Handle): () => void {
  const middleware =
    (next: (args: { input: object }) => Promise<unknown>, context: { commandName?: string }) =>
    (args: { input: object }) =>
      handle((context.commandName ?? '').replace(/Command$/, ''), args.input, () => next(args));
  client.middlewareStack.addRelativeTo(middleware, { relation: 'after', toMiddleware: 'retryMiddleware', name: NAME });
  return () => {
    client.middlewareStack.remove(NAME);
  };
}
