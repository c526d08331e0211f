import { changesOf, isMove, madeBy, placesOf, powerChanges } from './changes';
import type { CallFact, InstanceFact, RunFacts, Violation } from './facts';
import { recordOf, wasPaged } from './records';

/**
 * E: an instance is never left stopped by us without ESCALATED and a page (sent, or due because it could not be sent).
 * One that went down again before it ever ran was left stopped too.
 */
export function neverLeftStopped(facts: RunFacts): Violation[] {
  const stops = powerChanges(facts).filter(({ command }) => command === 'StopInstances');
  return facts.instances.flatMap(({ instanceId, state, states }): Violation[] => {
    if (state !== 'stopped' && state !== 'stopping') return [];
    const stop = stops.findLast(({ resources }) => resources.includes(instanceId));
    if (!stop || states.some((one) => one.state === 'running' && one.at > stop.at)) return [];
    const record = recordOf(facts, madeBy(stop));
    if (record?.outcome === 'ESCALATED' && isReported(record)) return [];
    if (isPaged(facts, stop)) return [];
    const what = `${instanceId} is left ${state}, and its incident is ${record?.outcome ?? 'not recorded'}`;
    return [{ invariant: 'E', what }];
  });
}

const isReported = ({ noticeSentAt, noticeState }: Record<string, unknown>) =>
  noticeSentAt !== undefined || noticeState === 'PENDING';

function isPaged(facts: RunFacts, call: CallFact): boolean {
  const execution = facts.executions.find(({ id }) => id === madeBy(call));
  return execution !== undefined && wasPaged(facts, execution);
}

/** E: nor is it left out of service by a restart that does not say so. An isolation means to. */
export function neverLeftOut(facts: RunFacts): Violation[] {
  const changes = changesOf(facts).filter(({ command }) => isMove(command));
  return facts.instances.filter(isThere).flatMap(({ instanceId }) =>
    lastMoves(changes, instanceId)
      .filter(({ command }) => command === 'EnterStandby' || command === 'DeregisterTargets')
      .flatMap((left): Violation[] => {
        const record = recordOf(facts, madeBy(left));
        if (record?.playbook === 'isolate-instance' || isPaged(facts, left)) return [];
        if (record && isReported(record) && /out of service/.test(String(record.reason))) return [];
        const what = `${instanceId} is left out of service, and its incident says: ${record?.reason ?? 'nothing'}`;
        return [{ invariant: 'E', what }];
      }),
  );
}

const isThere = ({ state }: InstanceFact) => state !== 'terminated' && state !== 'shutting-down';

/** The last move of an instance at each place where it served. */
function lastMoves(changes: CallFact[], instanceId: string): CallFact[] {
  const moves = changes.flatMap((call) => placesOf(call, instanceId).map((place) => [place, call] as const));
  return [...new Map(moves).values()];
}
