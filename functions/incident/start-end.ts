import type { StartEnd } from '../guard/failing-places';
import type { ClosingIncident } from '../record/closing-incident';
import type { Conclusion } from '../record/conclusion';

/** How the restart of an incident ended: a start counts once both status checks have passed. Pure. */
export function startEndOf({ poll, failure }: ClosingIncident, { outcome, reason }: Conclusion): StartEnd {
  if (outcome === 'GONE') return { end: 'gone', why: reason };
  const isUp = poll?.goal === 'running' && poll.verdict === 'REACHED';
  return {
    end: isUp ? 'up' : 'down',
    why: reason,
    isCapacity: failure?.Error === 'InsufficientCapacityError',
    isThrottled: failure?.Error === 'ThrottledError',
  };
}
