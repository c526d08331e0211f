import { changesOf, madeBy, powerChanges, targetsOf } from './changes';
import type { CallFact, InstanceFact, RunFacts, Violation } from './facts';

/**
 * The time between a step's read of the tags and its call. For power changes IAM asks again at the call itself, and so
 * does the simulated cloud; the others have this gap, which docs/guarantees.md names.
 */
export const gapMs = 5_000;

/** B: no change to a target that was not eligible when it was changed. */
export function onlyEligible(facts: RunFacts): Violation[] {
  const power = new Set(powerChanges(facts));
  return changesOf(facts).flatMap((call, index, all) =>
    changedBy(call, all.slice(0, index), facts)
      .filter((instance) => (power.has(call) ? !instance.isEligibleAt(call.at) : !wasAllowed(instance, call, facts)))
      .map(({ instanceId }): Violation => {
        const what = `${call.command} (call ${call.seq}) changed ${instanceId}, which was not eligible`;
        return { invariant: 'B', what };
      }),
  );
}

/** No read can see a tag that EC2 does not show yet (EC2 API reference, "Eventual consistency"), so that time counts too. */
const wasAllowed = ({ isAllowedAt }: InstanceFact, { at }: CallFact, { tagsLateMs = 0 }: RunFacts) =>
  isAllowedAt(at) || isAllowedAt(at - gapMs - tagsLateMs);

/** The instances that a call changed, by themselves or by an interface or a registration of theirs. */
function changedBy(call: CallFact, earlier: readonly CallFact[], { instances }: RunFacts): readonly InstanceFact[] {
  const { resources } = call;
  // An interface that was opened has to be closed or put back whatever its owner says meanwhile.
  const isFollowUp =
    isInterfaceChange(call) &&
    earlier.some(
      (other) => isInterfaceChange(other) && madeBy(other) === madeBy(call) && other.resources[0] === resources[0],
    );
  const ids = isFollowUp ? [] : [...resources, ...targetsOf(call)];
  return instances.filter(
    ({ instanceId, interfaces }) =>
      ids.includes(instanceId) || interfaces.some(({ networkInterfaceId }) => ids.includes(networkInterfaceId)),
  );
}

const isInterfaceChange = ({ command }: CallFact) => command === 'ModifyNetworkInterfaceAttribute';
