import { madeBy, powerChanges } from './changes';
import type { CallFact, RunFacts, Violation } from './facts';

/**
 * B: an instance that somebody else has stopped is not ours to start. Told by calls: a start that took effect, after stops of
 * ours that AWS answered and that stopped nothing. A stop whose answer was lost may have been ours.
 */
export function onlyOwnStops(facts: RunFacts): Violation[] {
  return powerChanges(facts)
    .filter(({ command }) => command === 'StartInstances')
    .filter((start) => {
      const stops = facts.calls.filter((stop) => isStopBefore(stop, start));
      return stops.length > 0 && stops.every(({ effective, result }) => !effective && result === 'ok');
    })
    .map(({ resources }) => ({
      invariant: 'B',
      what: `${resources[0]} was started, though somebody else had stopped it`,
    }));
}

const isStopBefore = (stop: CallFact, start: CallFact) =>
  stop.command === 'StopInstances' &&
  stop.seq < start.seq &&
  madeBy(stop) === madeBy(start) &&
  stop.resources.some((id) => start.resources.includes(id));
