import { syncBuiltinESMExports } from 'node:module';
import FakeTimers from '@sinonjs/fake-timers';
import { PlaybookError } from '../../functions/shared/errors';
import { forgetRealWork, isRealWorkGoingOn, realWork } from './real-work';

/** Nothing is left that could ever settle what is being waited for. */
export class VirtualTimeDeadlockError extends PlaybookError {}
/** What is being waited for did not settle within the simulated time that it was given. */
export class VirtualTimeCeilingError extends PlaybookError {}

export interface VirtualTimeOptions {
  /** Simulated seconds per real second; `Infinity` jumps from timer to timer. */
  speed?: number;
  /** How to wait for real milliseconds; only a test needs another way. */
  wait?: (realMs: number) => Promise<void>;
}

/** A client of the AWS SDK, as far as tracking its requests needs it. */
export interface TrackableClient {
  middlewareStack: {
    add(middleware: never, options: { name: string; step: 'deserialize'; priority: 'high' }): void;
    remove(name: string): boolean;
  };
}

// Taken before any fake is installed: the driver itself runs on real time.
const realSetImmediate = globalThis.setImmediate;
const realSetTimeout = globalThis.setTimeout;
const hop = () => new Promise<void>((resolve) => realSetImmediate(resolve));
const realWait = (ms: number) => new Promise<void>((resolve) => realSetTimeout(resolve, ms));

/** Idle turns of the event loop after which the code under time has surely run as far as it can. */
const idleHops = 2;
/** Real milliseconds between two looks for the end of real work that nobody told us about. */
const lookAgainMs = 50;
/** How long that may take before a deadlock is declared (real milliseconds): a slow machine's share, paid by a deadlock alone. */
const deadlockGraceMs = 2000;
const defaultCeilingMs = 30 * 24 * 3_600_000;
const trackerName = 'virtualTimeTracker';

/**
 * Time for a drill: `Date`, `setTimeout` and `setInterval` of the whole process run on a clock that jumps to the next
 * timer as soon as nothing else is going on. Real work (requests to DynamoDB, files) holds the clock while it goes on.
 */
export class VirtualTime {
  readonly #clock: FakeTimers.Clock;
  #speed: number;
  readonly #wait: (realMs: number) => Promise<void>;

  private constructor(clock: FakeTimers.Clock, speed: number, wait: (realMs: number) => Promise<void>) {
    this.#clock = clock;
    this.#speed = speed;
    this.#wait = wait;
  }

  /** Replaces the process's clock, from `start` on. @throws TypeError when one is installed already */
  static install(
    start: Date,
    { speed = Number.POSITIVE_INFINITY, wait = realWait }: VirtualTimeOptions = {},
  ): VirtualTime {
    requireSpeed(speed);
    forgetRealWork();
    const clock = FakeTimers.install({
      now: start,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
      shouldClearNativeTimers: true,
    });
    // Packages that import setTimeout from node:timers (middy does) see the replacement only after this.
    syncBuiltinESMExports();
    return new VirtualTime(clock, speed, wait);
  }

  /** Gives the process its own clock back. Timers that are still set never fire. */
  uninstall(): void {
    this.#clock.uninstall();
    syncBuiltinESMExports();
  }

  /** Changes the pace from the next timer on: simulated seconds per real second, `Infinity` to jump. */
  setSpeed(speed: number): void {
    this.#speed = requireSpeed(speed);
  }

  /** Simulated milliseconds since 1970. */
  now(): number {
    return this.#clock.now;
  }

  /**
   * Moves time on until the promise settles, and settles the same way.
   * @param ceilingMs simulated milliseconds after which to give up
   * @throws VirtualTimeDeadlockError when no timer and no request is left that could settle it
   * @throws VirtualTimeCeilingError when it takes longer than the ceiling
   */
  async run<T>(promise: Promise<T>, ceilingMs = defaultCeilingMs): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    await this.runUntil(() => settled, ceilingMs);
    return promise;
  }

  /** Moves time on until the predicate holds; it is asked each time everything has come to rest. Throws as `run`. */
  async runUntil(predicate: () => boolean, ceilingMs = defaultCeilingMs): Promise<void> {
    const giveUpAt = this.#clock.now + ceilingMs;
    for (;;) {
      await this.#rest();
      if (predicate()) return;
      const next = this.#nextTimerAt();
      if (next === undefined) {
        await this.#expectRealWork(predicate);
        continue;
      }
      if (next > giveUpAt)
        throw new VirtualTimeCeilingError(`Nothing came of it within ${ceilingMs / 1000} simulated seconds.`);
      await this.#pace(next);
      this.#clock.next();
    }
  }

  /** Holds the clock while requests of this SDK client are on the wire. @returns a function that stops that */
  trackIo(client: TrackableClient): () => void {
    const middleware = (next: (args: unknown) => Promise<unknown>) => (args: unknown) => this.realWork(next(args));
    // Innermost step: a retry's back-off, which waits on this clock, lies outside of it.
    client.middlewareStack.add(middleware as never, { name: trackerName, step: 'deserialize', priority: 'high' });
    return () => {
      client.middlewareStack.remove(trackerName);
    };
  }

  /** Holds the clock until a promise that needs real time (a socket, a file) has settled. */
  realWork<T>(work: Promise<T>): Promise<T> {
    return realWork(work);
  }

  async #rest(): Promise<void> {
    for (let idle = 0; idle < idleHops; idle = isRealWorkGoingOn() ? 0 : idle + 1) await hop();
  }

  async #expectRealWork(predicate: () => boolean): Promise<void> {
    for (let waited = 0; waited < deadlockGraceMs; waited += lookAgainMs) {
      await realWait(lookAgainMs);
      await this.#rest();
      if (predicate() || this.#nextTimerAt() !== undefined) return;
    }
    throw new VirtualTimeDeadlockError('No timer and no request is left that could end what is being waited for.');
  }

  #nextTimerAt(): number | undefined {
    // The clock publishes how many timers are set, not when the next one is due; its heap knows.
    const { timerHeap } = this.#clock as unknown as { timerHeap?: { peek(): { callAt: number } | undefined } };
    return timerHeap?.peek()?.callAt;
  }

  async #pace(until: number): Promise<void> {
    const realMs = (until - this.#clock.now) / this.#speed;
    if (realMs >= 1) await this.#wait(realMs);
  }
}

function requireSpeed(speed: number): number {
  if (!(speed > 0)) throw new RangeError('speed must be more than 0 simulated seconds per real second');
  return speed;
}
