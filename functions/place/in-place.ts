import { AsyncLocalStorage } from 'node:async_hooks';
import { parseWith } from '../shared/parse';
import { isOwn, type Place, placeSchema, type Scope } from './place';

/** Work in another account than the stage's own: where, for which incident, and on which instance. */
export interface Stay {
  place: Place;
  /** An incident, or what a run over many instances is called: it names the sessions in the place's trail. */
  incidentId: string;
  instanceId?: string | undefined;
}

const stays = new AsyncLocalStorage<Stay | undefined>();

/** Where the running code is; undefined in the stage's own account. */
export const currentStay = (): Stay | undefined => stays.getStore();

/**
 * Runs work in a place: until it ends, the shared clients make their calls with that place's credentials, and nothing beside
 * it does. Without a stay it runs in the stage's own account, also inside another stay.
 * @example await inPlace({ place, incidentId }, () => describeInstance(instanceId))
 */
export function inPlace<T>(stay: Stay | undefined, work: () => Promise<T>): Promise<T> {
  return stay === undefined && currentStay() === undefined ? work() : stays.run(stay, work);
}

/**
 * The stay of a run in a place.
 * @param run what the run is called: it names its sessions in the place's trail
 * @returns undefined for the stage's own account
 */
export const stayIn = (place: Place, scope: Scope, run: string, instanceId?: string): Stay | undefined =>
  isOwn(place, scope) ? undefined : { place, incidentId: run, ...(instanceId ? { instanceId } : {}) };

/**
 * The stay of a step, from its input: that of its incident.
 * @returns undefined for the stage's own account, which records without a place mean
 * @throws InvalidInputError when the input names a place that is none
 */
export function stayOf(input: unknown): Stay | undefined {
  const { incident } = (input ?? {}) as { incident?: Record<string, unknown> | null };
  if (incident?.place === undefined || incident.place === null) return undefined;
  const { incidentId, instanceId } = incident;
  return {
    place: parseWith(placeSchema, incident.place, 'input.incident.place'),
    incidentId: String(incidentId),
    ...(typeof instanceId === 'string' ? { instanceId } : {}),
  };
}
