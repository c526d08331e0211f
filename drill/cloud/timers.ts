/**
 * The pending work of the simulated cloud. It uses the global `setTimeout`, which a drill replaces with virtual time,
 * and can be dropped all at once when the drill ends.
 */
export class Timers {
  private readonly pending = new Set<NodeJS.Timeout>();

  /** Runs `work` after `milliseconds`; returns a function that calls it off. */
  after(milliseconds: number, work: () => void): () => void {
    const timer = setTimeout(() => {
      this.pending.delete(timer);
      work();
    }, milliseconds);
    this.pending.add(timer);
    return () => {
      clearTimeout(timer);
      this.pending.delete(timer);
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
    for (const timer of this.pending) clearTimeout(timer);
    this.pending.clear();
  }
}

/** Resolves after `milliseconds` of the current (virtual) time. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
