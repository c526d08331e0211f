/** How long the last whole run took here, in milliseconds; undefined when there was none. */
export function lastTook(): number | undefined;
export function noteTook(ms: number): void;
export function howLong(suites: number, workers: number, tookMs: number | undefined): string;
