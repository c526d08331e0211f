import { changesOf, madeBy } from './changes';
import type { CallFact, InstanceFact, RunFacts, Violation } from './facts';
import { allRecords, isOf } from './records';

type Item = Record<string, unknown>;

/** How an isolation that changed an interface may end: whole, or in words that send a person. */
const ends = ['CONTAINED', 'PARTIAL', 'ESCALATED', 'GONE'];

/**
 * F: an isolation is complete, or it is PARTIAL; either way the groups of each interface that it changed are saved, and
 * none is left open to all without saying so.
 */
export function wholeOrPartial(facts: RunFacts): Violation[] {
  const isolations = allRecords(facts).filter(({ playbook }) => playbook === 'isolate-instance');
  return isolations.flatMap((record) => {
    const own = interfaceChanges(facts).filter((call) => madeBy(call) === record.executionId);
    const instance = facts.instances.find(({ instanceId }) => instanceId === record.instanceId);
    const changed = [...new Set(own.flatMap(({ resources }) => resources))];
    const found = [
      ...unsaved(facts, record, changed),
      ...(changed.length > 0 && !ends.includes(String(record.outcome)) ? [`it ends as ${record.outcome}`] : []),
      ...(instance && !isChangedLater(facts, own, instance) ? left(record, instance) : []),
    ];
    return found.map((what): Violation => ({ invariant: 'F', what: `isolation ${record.incidentId}: ${what}` }));
  });
}

/** F: what a release calls released is neither cut off nor open to all, unless somebody has isolated it again since. */
export function wholeRelease(facts: RunFacts): Violation[] {
  const releases = allRecords(facts).filter(
    ({ playbook, outcome }) => playbook === 'release-instance' && outcome === 'RELEASED',
  );
  return releases.flatMap((record) => {
    const own = interfaceChanges(facts).filter((call) => madeBy(call) === record.executionId);
    const instance = facts.instances.find(({ instanceId }) => instanceId === record.instanceId);
    if (!instance || own.length === 0 || isChangedLater(facts, own, instance)) return [];
    return instance.interfaces
      .filter(({ traffic }) => traffic !== 'by-rules')
      .map(({ networkInterfaceId, traffic }): Violation => {
        const is = traffic === 'cut' ? 'cut off' : 'open to all';
        return { invariant: 'F', what: `release ${record.incidentId}: RELEASED, but ${networkInterfaceId} is ${is}` };
      });
  });
}

const interfaceChanges = (facts: RunFacts) =>
  changesOf(facts).filter(({ command }) => command === 'ModifyNetworkInterfaceAttribute');

/** A release, or another isolation, has had its hands on the instance since: what is there now is not this one's. */
function isChangedLater(facts: RunFacts, own: readonly CallFact[], { interfaces }: InstanceFact): boolean {
  const ids = interfaces.map(({ networkInterfaceId }) => networkInterfaceId);
  return interfaceChanges(facts).some(
    (call) => !own.includes(call) && call.seq > (own[0]?.seq ?? 0) && ids.includes(call.resources[0] ?? ''),
  );
}

function unsaved({ items }: RunFacts, { incidentId }: Item, changed: readonly string[]): string[] {
  return changed
    .filter((id) => {
      const entry = items.find(
        ({ pk, sk }) => isOf(pk, ['EVIDENCE', 'INCIDENT'], incidentId) && sk === `ENTRY#changed#interface#${id}`,
      );
      const before = entry?.before as { groupIds?: unknown[] } | undefined;
      return !before?.groupIds?.length;
    })
    .map((id) => `the groups of ${id} were not saved`);
}

function left({ outcome, reason }: Item, { state, interfaces }: InstanceFact): string[] {
  if (state === 'terminated' || state === 'shutting-down') return [];
  return interfaces.flatMap(({ networkInterfaceId, traffic }) => {
    if (outcome === 'CONTAINED' && traffic !== 'cut') return [`CONTAINED, but ${networkInterfaceId} is not cut off`];
    const isSaid =
      outcome === 'ESCALATED' || String(reason).includes('OPEN TO ALL') || String(reason).includes('verified');
    return traffic === 'open' && !isSaid ? [`${networkInterfaceId} is left open to all`] : [];
  });
}
