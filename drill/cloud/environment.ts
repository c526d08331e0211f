import type { Timers } from './timers';

/** An event as EventBridge delivers it to a rule's target. */
export interface CloudEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601 in UTC, whole seconds. */
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

/** What every model shares: whose cloud it is, its randomness, its pending work and the way out for events. */
export interface Environment {
  readonly account: string;
  readonly region: string;
  /** Seeded generator of numbers in [0, 1): the same seed gives the same drill. */
  readonly random: () => number;
  readonly timers: Timers;
  emit(event: Pick<CloudEvent, 'detail-type' | 'source' | 'resources' | 'detail'>): void;
}

/** `length` lower-case hexadecimal digits. */
export function randomHex(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** A random id in the form of a UUID, as events and requests carry it. */
export function randomUuid(random: () => number): string {
  const hex = randomHex(random, 30);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18)}`;
}

/** A number of milliseconds, drawn evenly from a range given in seconds. */
export function drawMilliseconds(random: () => number, [from, to]: readonly [number, number]): number {
  return Math.round((from + random() * (to - from)) * 1000);
}

/** A point in time as EventBridge and EC2 write it: ISO 8601, UTC, whole seconds. */
export function isoSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
