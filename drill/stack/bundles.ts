import { createRequire } from 'node:module';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { PlaybookError } from '../../functions/shared/errors';
import type { StepClient } from './clients';
import type { Handler } from './lambda-runtime';
import type { StackResource } from './template';

/** A bundle is not what a drill can run; the message names it. */
export class BundleError extends PlaybookError {}

/** What loads the functions of a stack from what was packaged. */
export interface BundledCode {
  /** Loads the code of all functions, by their `Handler` property. @throws BundleError */
  load(functions: readonly StackResource[]): (handler: string) => Promise<Handler>;
  /** The AWS SDK's clients in that code, one for each middleware stack. */
  clients(): StepClient[];
  /**
   * Tells of each client that the code makes while it runs, before it can be called: that of STS is made with the first session
   * in another account. @returns a function that ends it; from then on such a client is a BundleError
   */
  whenMade(hear: (client: StepClient) => void): () => void;
}

/**
 * The AWS SDK's base class of all clients, as bundled: its clients cannot be reached from outside, so each is told as it
 * is made, with its middleware stack. Nothing else of the code is touched.
 */
const clientClass = /(\bconfig;)middlewareStack=([\w$]+\(\));(initConfig;)/g;
const hook = '__clientMade';

/**
 * Code from a release's bundles, in place of its source.
 * @param zipOf the content of a bundle, by its key in the template
 */
export function bundledCode(zipOf: (key: string) => Buffer): BundledCode {
  const made: StepClient[] = [];
  let isLoading = false;
  let heard: ((client: StepClient) => void) | undefined;
  const tell: Tell = (client, middlewareStack) => {
    if (isLoading) made.push(client);
    else if (heard) heard(unfinished(client, middlewareStack));
    else throw new BundleError('A bundle made a client while no drill ran: the simulated cloud would not see it.');
    return middlewareStack;
  };
  return {
    clients: () => [...new Map(made.map((client) => [client.middlewareStack as unknown, client])).values()],
    whenMade: (hear) => {
      heard = hear;
      return () => {
        heard = undefined;
      };
    },
    load: (functions) => {
      isLoading = true;
      const handlers = new Map(functions.map(({ properties }) => handlerOf(properties, zipOf, tell)));
      isLoading = false;
      return async (name) => {
        const handler = handlers.get(name);
        if (!handler) throw new BundleError(`No bundle has the handler ${name}.`);
        return handler;
      };
    },
  };
}

type Tell = (client: StepClient, middlewareStack: StepClient['middlewareStack']) => StepClient['middlewareStack'];

/** A client in its own constructor: it has no middleware stack yet, and will have its config before it is called. */
const unfinished = (client: StepClient, middlewareStack: StepClient['middlewareStack']): StepClient => ({
  middlewareStack,
  get config() {
    return client.config;
  },
});

function handlerOf(
  { Handler, Code }: Record<string, unknown>,
  zipOf: (key: string) => Buffer,
  tell: Tell,
): [string, Handler] {
  const name = String(Handler);
  const dot = name.lastIndexOf('.');
  const file = `${name.slice(0, dot)}.js`;
  const key = String((Code as { S3Key?: unknown })?.S3Key);
  const module = { exports: {} as Record<string, unknown> };
  const code = parsedOf(zipOf(key), key, file);
  code.call(module.exports, module.exports, createRequire(join(__dirname, file)), module, tell);
  const handler = module.exports[name.slice(dot + 1)];
  if (typeof handler !== 'function') throw new BundleError(`${key}: ${file} exports no ${name.slice(dot + 1)}.`);
  return [name, handler as Handler];
}

type ParsedCode = (exports: object, require: NodeJS.Require, module: object, tell: Tell) => void;

/** The code of bundles that have been read, by their content: of a drill's loading, parsing takes the most. */
const parsed = new WeakMap<Buffer, { file: string; code: ParsedCode }>();

function parsedOf(zip: Buffer, key: string, file: string): ParsedCode {
  const known = parsed.get(zip);
  if (known?.file === file) return known.code;
  const content = unzipSync(zip)[file];
  if (!content) throw new BundleError(`${key} has no ${file}.`);
  const text = Buffer.from(content).toString('utf8');
  const hooked = text.replace(clientClass, `$1middlewareStack=${hook}(this,$2);$3`);
  if (text.includes('middlewareStack=') && hooked === text)
    throw new BundleError(
      `${key}: the AWS SDK's client class is not where it was; the simulated cloud could not see calls.`,
    );
  // Not by node:vm, whose functions see the globals of the process, and not the clock and environment of a test's own.
  const source = `${hooked}\n//# sourceURL=${key}`;
  const code = new Function('exports', 'require', 'module', hook, source) as ParsedCode;
  parsed.set(zip, { file, code });
  return code;
}
