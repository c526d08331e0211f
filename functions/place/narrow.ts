import type { Capability } from './capabilities';
import type { Place } from './place';

/** Makes the session policy of a capability in a place, for one instance. */
type Narrow = (capability: Capability, place: Place, instanceId?: string) => string | undefined;

let narrowing: Narrow | undefined;

/** Lets what acts narrow its sessions: steps that only read are deployed without the code for it. */
export function narrowSessions(by: Narrow | undefined): void {
  narrowing = by;
}

/** How sessions that change something are narrowed; undefined where no code that changes anything is loaded. */
export const narrowingNow = (): Narrow | undefined => narrowing;
