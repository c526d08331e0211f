import type { Place } from '../place/place';
import { chunksOf } from '../shared/chunks';
import { mostOfAccount, patrolMetrics, queriesACall } from './collect-fleet';

/** As many instances as one GetMetricData call allows, but few enough for one function's timeout. */
export const batchSize = Math.min(40, Math.floor(queriesACall / patrolMetrics.length));

/** Batches of all accounts at once: a small part of the 1,000 functions that an account and region runs at once. */
export const mostOfAll = 40;

/** Instances of one place, which one function scores. */
export interface Batch {
  place: Place;
  instanceIds: string[];
}

/** Instances of a place, by their IDs. */
export interface Fleet {
  place: Place;
  instanceIds: readonly string[];
}

/**
 * The batches of several places, mixed so that each place has about the same share of every stretch, and how many of them may
 * run at once: few enough that the largest place, of which most come together, has no more than `mostOfAccount`. As the largest
 * takes longest in any order, mixing costs no time. Pure.
 */
export function batchesOf(fleets: readonly Fleet[]): { batches: Batch[]; atOnce: number } {
  const queues = fleets
    .map(({ place, instanceIds }) => chunksOf(instanceIds, batchSize).map((ids) => ({ place, instanceIds: ids })))
    .filter((queue) => queue.length > 0);
  const all = queues.reduce((sum, queue) => sum + queue.length, 0);
  const largest = Math.max(1, ...queues.map((queue) => queue.length));
  // Beside others a stretch may have one of the largest more than its share.
  const share = queues.length > 1 ? mostOfAccount - 1 : mostOfAccount;
  return { batches: mixed(queues, all), atOnce: Math.max(1, Math.min(mostOfAll, Math.floor((share * all) / largest))) };
}

/** Takes from the queue that is furthest behind its share, as weighted round robin does. */
function mixed(queues: readonly Batch[][], all: number): Batch[] {
  const taken = queues.map(() => 0);
  return Array.from({ length: all }, (_, step) => {
    const behind = queues.map((queue, i) => queue.length * (step + 1) - taken[i]! * all);
    const next = behind.indexOf(Math.max(...behind));
    return queues[next]![taken[next]!++]!;
  });
}
