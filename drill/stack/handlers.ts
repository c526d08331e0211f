import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PlaybookError } from '../../functions/shared/errors';
import type { Handler } from './lambda-runtime';

/** A function's Handler property leads to no code. */
export class HandlerNotFoundError extends PlaybookError {}

const root = join(__dirname, '..', '..');
const loaded = new Map<string, Promise<Handler>>();

/**
 * Loads the TypeScript source that a function's `Handler` property names, for example `functions/alarm/read-alarm.handler`.
 * @throws HandlerNotFoundError when there is no such module or no such export
 */
export function loadHandler(property: string): Promise<Handler> {
  // Even a module that is loaded already takes import() real time, of which the drill's clock would know nothing.
  const known = loaded.get(property);
  if (known) return known;
  const loading = load(property);
  loaded.set(property, loading);
  return loading;
}

async function load(property: string): Promise<Handler> {
  const dot = property.lastIndexOf('.');
  const [path, name] = [property.slice(0, dot), property.slice(dot + 1)];
  const file = join(root, `${path}.ts`);
  if (dot < 0 || !existsSync(file)) throw new HandlerNotFoundError(`Handler ${property}: there is no ${path}.ts.`);
  const module = (await import(file)) as Record<string, unknown>;
  const handler = module[name];
  if (typeof handler !== 'function')
    throw new HandlerNotFoundError(`Handler ${property}: ${path}.ts exports no ${name}.`);
  return handler as Handler;
}
