import { AsyncLocalStorage } from 'node:async_hooks';

/** A call that has left an SDK client's `send` and has not reached the cloud. */
interface Departure {
  /** The call for which this one is made, for example for its credentials. */
  outer: Departure | undefined;
}

const current = new AsyncLocalStorage<Departure | undefined>();

/** "real": it reads settings and loads code, in real time. "simulated": it has asked the cloud for something first. */
const open = new Map<Departure, 'real' | 'simulated'>();

/** Holds the clock until a call has arrived: a client's first call reads its settings from files, however slow they are. */
export async function depart<T>(send: () => Promise<T>): Promise<T> {
  const departure = { outer: current.getStore() };
  open.set(departure, 'real');
  try {
    return await current.run(departure, send);
  } finally {
    open.delete(departure);
  }
}

/** Notes that a call has reached the cloud, where time is simulated. What the cloud does in turn is no part of the call. */
export function arrive<T>(answer: () => T): T {
  const departure = current.getStore();
  if (!departure) return answer();
  open.delete(departure);
  for (let { outer } = departure; outer; { outer } = outer) if (open.has(outer)) open.set(outer, 'simulated');
  return current.run(undefined, answer);
}

/** Whether calls wait for real work. While one waits for the cloud, none counts: others may wait for the same answer. */
export function isAnyCallDeparting(): boolean {
  const waits = [...open.values()];
  return waits.length > 0 && !waits.includes('simulated');
}

/** Forgets the calls that an earlier drill of this process left on their way. */
export function forgetDepartures(): void {
  open.clear();
}
