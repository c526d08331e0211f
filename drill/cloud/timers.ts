import { later } from '../time/later';

/**
 * The pending work of the simulated cloud. It uses the global `setTimeout`, which a drill replaces with virtual time,
 * and can be dropped all at once when the drill ends.
 */
export class Timers {
  /** What calls off each piece of work that is still to come. */
  private readonly pending = new Set<() => void>();

  /** Runs `work` after `milliseconds`; returns a function that calls it off. */
  after(milliseconds: number, work: () => void): () => void {
    const stop = later(milliseconds, () => {
      this.pending.delete(stop);
      work();
    });
    this.pending.add(stop);
    return () => {
      stop();
      this.pending.delete(stop);
    };
  }

  /** Runs `work` at every full multiple of `seconds` since the epoch, plus `lagMs`, until called off. */
  every(seconds: () => number, lagMs: number, work: () => void): () => void {
    let callOff = () => {};
    const schedule = () => {
      const step = seconds() * 1000;
      const next = Math.floor((Date.now() - lagMs) / step + 1) * step + lagMs;
      callOff = this.after(next - Date.now(), () => {
        schedule();
        work();
      });
    };
    schedule();
    return () => callOff();
  }

  /** Drops all pending work. */
  clear(): void {
    for (const stop of this.pending) stop();
    this.pending.clear();
  }
}

/** Resolves after `milliseconds` of the current (virtual) time. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
