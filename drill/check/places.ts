import { closedAt, madeBy, powerChanges } from './changes';
import type { CallFact, InstanceFact, RunFacts, Violation } from './facts';

/** A start that EC2 refuses for one of these reasons shows that no instance of the zone can count on starting. */
const refusals = ['InsufficientInstanceCapacity'];

/**
 * P: no instance is stopped in a zone whose last start was refused, for the first 15 minutes after it, and of a
 * group only one instance at a time is down because of automation; of a zone, while its incident is open.
 */
export function neverDownTogether(facts: RunFacts): Violation[] {
  const stops = powerChanges(facts).filter(({ command }) => command === 'StopInstances');
  return stops.flatMap((stop): Violation[] => {
    const own = facts.instances.find(({ instanceId }) => stop.resources.includes(instanceId));
    if (!own?.places) return [];
    const { zone, groups } = own.places;
    const refused = lastStartIn(zone, stop.at, facts);
    const other = facts.instances.find((one) => {
      const earlier = one === own ? undefined : stopThatHolds(one, stop, stops);
      if (!earlier) return false;
      const isWorking = closedAt(facts, madeBy(earlier)) > stop.at;
      return one.places?.groups.some((group) => groups.includes(group)) || (isWorking && one.places?.zone === zone);
    });
    return [
      ...(refused && stop.at - refused.at < 15 * 60_000 && madeBy(refused) !== madeBy(stop)
        ? [violation(stop, `in ${zone}, where the last start was refused`)]
        : []),
      ...(other ? [violation(stop, `while ${other.instanceId} was down in the same zone or group`)] : []),
    ];
  });
}

const violation = ({ seq, resources }: CallFact, how: string): Violation => ({
  invariant: 'P',
  what: `StopInstances (call ${seq}) stopped ${resources.join(', ')} ${how}`,
});

/** The last start in a zone before an instant, if it was refused for want of capacity. */
function lastStartIn(zone: string, before: number, { calls, instances }: RunFacts): CallFact | undefined {
  const inZone = new Set(instances.flatMap(({ instanceId, places }) => (places?.zone === zone ? instanceId : [])));
  const last = calls.findLast(
    ({ command, at, input, caller }) =>
      command === 'StartInstances' &&
      caller !== undefined &&
      at < before &&
      ((input as { InstanceIds?: string[] }).InstanceIds ?? []).some((id) => inZone.has(id)),
  );
  return last && last.result === 'error' && refusals.includes(last.errorName ?? '') ? last : undefined;
}

/** Automation's stop of an instance before another call, unless it has run since. */
function stopThatHolds(
  { instanceId, states }: InstanceFact,
  { at, seq }: CallFact,
  stops: readonly CallFact[],
): CallFact | undefined {
  const stop = stops.findLast((one) => one.seq < seq && one.resources.includes(instanceId));
  return stop && !states.some((one) => one.state === 'running' && one.at > stop.at && one.at <= at) ? stop : undefined;
}
