/** The source of time for steps. UTC; a drill's virtual time reaches it through the platform's Date. */
export interface Clock {
  now(): Date;
}

/** The clock of the Lambda runtime. */
export const systemClock: Clock = { now: () => new Date() };

/** Whole seconds between two times, never negative (the clocks of two machines may differ). */
export function secondsBetween(earlier: Date | string, later: Date | string): number {
  return Math.max(0, Math.floor((new Date(later).getTime() - new Date(earlier).getTime()) / 1000));
}

/** Waits inside a function to stay below an AWS rate limit. For longer waits the state machine has Wait states. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
