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
}

/**
 * The AWS SDK's base class of all clients, as bundled: its clients cannot be reached from outside, so each is told as it
 * is made. Nothing else of the code is touched.
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
  const tell = (client: StepClient) => {
    if (!isLoading)
      throw new BundleError('A bundle made a client after it was loaded: the simulated cloud would not see it.');
    made.push(client);
  };
  return {
    clients: () => [...new Map(made.map((client) => [client.middlewareStack as unknown, client])).values()],
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

function handlerOf(
  { Handler, Code }: Record<string, unknown>,
  zipOf: (key: string) => Buffer,
  tell: (client: StepClient) => void,
): [string, Handler] {
  const name = String(Handler);
  const dot = name.lastIndexOf('.');
  const file = `${name.slice(0, dot)}.js`;
  const key = String((Code as { S3Key?: unknown })?.S3Key);
  const content = unzipSync(zipOf(key))[file];
  if (!content) throw new BundleError(`${key} has no ${file}.`);
  const text = Buffer.from(content).toString('utf8');
  const hooked = text.replace(clientClass, `$1middlewareStack=(${hook}(this),$2);$3`);
  if (text.includes('middlewareStack=') && hooked === text)
    throw new BundleError(
      `${key}: the AWS SDK's client class is not where it was; the simulated cloud could not see calls.`,
    );
  const module = { exports: {} as Record<string, unknown> };
  // Not by node:vm, whose functions see the globals of the process, and not the clock and environment of a test's own.
  const run = new Function('exports', 'require', 'module', hook, `${hooked}\n//# sourceURL=${key}`);
  run.call(module.exports, module.exports, createRequire(join(__dirname, file)), module, tell);
  const handler = module.exports[name.slice(dot + 1)];
  if (typeof handler !== 'function') throw new BundleError(`${key}: ${file} exports no ${name.slice(dot + 1)}.`);
  return [name, handler as Handler];
}
