import type * as Engine from 'aws-local-stepfunctions';
import { limitData } from './data-limit';

export type EventLog =
  ReturnType<Engine.StateMachine['run']>['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;

interface Resolvers<T> {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason: unknown) => void;
}

let engine: typeof Engine | undefined;

/** Loads aws-local-stepfunctions, with the limit of data that it does not know; it needs `Promise.withResolvers`, which Node has from version 22 on. */
export async function loadEngine(): Promise<typeof Engine> {
  const promise = Promise as typeof Promise & { withResolvers?: <T>() => Resolvers<T> };
  promise.withResolvers ??= withResolvers;
  if (!engine) {
    engine = await import('aws-local-stepfunctions');
    limitData(engine.StateMachine);
  }
  return engine;
}

function withResolvers<T>(): Resolvers<T> {
  const made = {} as Resolvers<T>;
  made.promise = new Promise<T>((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
