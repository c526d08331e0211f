import type * as Engine from 'aws-local-stepfunctions';

export type EventLog =
  ReturnType<Engine.StateMachine['run']>['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;

interface Resolvers<T> {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason: unknown) => void;
}

let engine: typeof Engine | undefined;

/** Loads aws-local-stepfunctions, which needs `Promise.withResolvers`: Node has it from version 22 on. */
export async function loadEngine(): Promise<typeof Engine> {
  const promise = Promise as typeof Promise & { withResolvers?: <T>() => Resolvers<T> };
  promise.withResolvers ??= withResolvers;
  engine ??= await import('aws-local-stepfunctions');
  return engine;
}

function withResolvers<T>(): Resolvers<T> {
  const made = {} as Resolvers<T>;
  made.promise = new Promise<T>((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
