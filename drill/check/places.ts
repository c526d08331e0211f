import { closedAt, madeBy, powerChanges } from './changes';
import type { CallFact, InstanceFact, IssueFact, RunFacts, Violation } from './facts';

/** A start that EC2 refuses for one of these reasons shows that no instance of the zone can count on starting. */
const refusals = ['InsufficientInstanceCapacity'];

/**
 * P: no instance is stopped where AWS Health has an open issue, nor in a zone whose last start was refused, for the first 15 minutes after it, and of a
 * group only one instance at a time is down because of automation; of a zone, while its incident is open.
 */
export function neverDownTogether(facts: RunFacts): Violation[] {
  const stops = powerChanges(facts).filter(({ command }) => command === 'StopInstances');
  return stops.flatMap((stop): Violation[] => {
    const own = facts.instances.find(({ instanceId }) => stop.resources.includes(instanceId));
    if (!own?.places) return [];
    const { zone, groups } = own.places;
    const refused = lastStartIn(zone, stop.at, facts);
    const isIll = facts.issues?.some((issue) => forbids(issue, own, stop, facts));
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
      ...(isIll ? [violation(stop, 'while AWS Health had an open issue there')] : []),
      ...(other ? [violation(stop, `while ${other.instanceId} was down in the same zone or group`)] : []),
    ];
  });
}

const violation = ({ seq, resources }: CallFact, how: string): Violation => ({
  invariant: 'P',
  what: `StopInstances (call ${seq}) stopped ${resources.join(', ')} ${how}`,
});

/** As long as an instance may take to leave its group once it has its turn; an issue that comes meanwhile finds it on its way. */
const leavingMs = 20 * 60_000;

/** Whether an issue that was known in time forbids a stop: of what it names, of their zones, or of every instance. */
function forbids({ from, to, instanceIds, isWide }: IssueFact, own: InstanceFact, stop: CallFact, facts: RunFacts) {
  if (stop.at < from + leavingMs || stop.at >= Math.min(to, from + staleMs)) return false;
  if (instanceIds.includes(own.instanceId)) return true;
  const zones = facts.instances.flatMap((one) => (instanceIds.includes(one.instanceId) ? one.places!.zone : []));
  return isWide && (zones.length === 0 || zones.includes(own.places!.zone));
}

/** An issue without news for a day counts as over. */
const staleMs = 24 * 3_600_000;

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
