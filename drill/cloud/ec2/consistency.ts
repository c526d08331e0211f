/**
 * EC2 is eventually consistent: what was just made is not found everywhere, and what was just changed still looks as
 * before, for a while. Source: EC2 API reference, "Eventual consistency" (back off from seconds to minutes); waiter
 * SecurityGroupExists looks for 30 s.
 */
export class Consistency {
  /** Seconds until what was made, and the groups and rules of a network interface, are seen everywhere; at most. */
  seconds = 4;
  /** Seconds that the state of an instance may look as before, at most; chaos and faults turn it up. */
  stateSeconds = 0;
  /** Seconds that anything else of an instance may look as before: tags, attributes, its profile. */
  oldSeconds = 0;

  /** Whether a state that an instance entered at `at` (epoch ms) is seen by now. */
  isStateSeen(id: string, at: number): boolean {
    return Date.now() - at >= this.stateSeconds * 1000 * shareOf(`${id}${at}`);
  }

  /** From when back something that may be old is seen as it was, in epoch ms. */
  asOf(id: string): number {
    return Date.now() - this.oldSeconds * 1000 * shareOf(id);
  }

  /** Whether something that was made at `at` (epoch ms) is found by now; each thing takes its own share of the time. */
  isSeen(id: string, at: number): boolean {
    return Date.now() - at >= this.seconds * 1000 * shareOf(id);
  }
}

/** From a third to the whole, the same for the same id: no random number that a drill draws depends on it. */
function shareOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 1000;
  return 1 / 3 + (2 / 3) * (sum / 1000);
}

/** A value that changes, and how it looks to those who read it: as before until the change is seen. */
export class Settling<T> {
  private before: T;
  private changedAt = Number.NEGATIVE_INFINITY;

  constructor(private value: T) {
    this.before = value;
  }

  get now(): T {
    return this.value;
  }

  set(value: T): void {
    this.before = this.value;
    this.value = value;
    this.changedAt = Date.now();
  }

  seen(id: string, consistency: Consistency): T {
    return consistency.isSeen(id, this.changedAt) ? this.value : this.before;
  }
}
