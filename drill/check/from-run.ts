import type { DrillResult } from '../scenario/result';
import type { Stack } from '../stack/stack';
import type { InstanceFact, RunFacts } from './facts';

type Observed = Pick<DrillResult, 'executions' | 'ledger' | 'items' | 'notices' | 'logs' | 'instances'>;

/** Brings what a drill observed to the facts that the checker asks for. The stack may have ended already. */
export function factsOf(observed: Observed, stack: Stack, planted: readonly string[]): RunFacts {
  const { variables } = stack;
  return {
    calls: observed.ledger,
    executions: observed.executions.map(({ id, machine, status, startedAt, redrivenAt, endedAt, history }) => ({
      id,
      machine,
      status,
      startedAt: redrivenAt ?? startedAt,
      endedAt,
      path: history.flatMap((event) => (event.type === 'StateEntered' ? [{ state: event.state, at: event.at }] : [])),
    })),
    items: observed.items,
    notices: observed.notices.map(({ message }) => message),
    instances: observed.instances.map(({ instanceId, state }) => ({
      instanceId,
      state,
      isEligibleAt: eligibility(instanceId, stack),
    })),
    ceilings: ceilingsOf(stack),
    logs: observed.logs,
    planted,
    breaker: { limit: Number(variables.BREAKER_LIMIT), windowMs: Number(variables.BREAKER_WINDOW_MINUTES) * 60_000 },
  };
}

/** What the owner allowed, and what EC2 could bring back, as the simulated cloud knows it: not as the playbook saw it. */
function eligibility(instanceId: string, { cloud, variables }: Stack): InstanceFact['isEligibleAt'] {
  const instance = cloud.ec2.find(instanceId);
  if (!instance) return () => true;
  const { spec } = instance;
  return (at) => {
    // What changes in the same instant as a call changes after it.
    const tags = instance.tagsAt(at - 1);
    const isProtected = (tags.get(variables.PROTECTED_TAG ?? '') ?? 'false').toLowerCase() !== 'false';
    const losesData =
      spec.instanceStoreVolumes > 0 && tags.get('incident-playbooks:allow-instance-store-loss') !== 'true';
    const comesBack = spec.rootDeviceType === 'ebs' && spec.spot !== 'one-time' && !spec.disableApiStop && !losesData;
    return tags.get(variables.OPT_IN_TAG ?? '') === 'true' && !isProtected && comesBack;
  };
}

/** Seconds that each machine gives an execution, from its own definition. */
function ceilingsOf({ machines }: Stack): Map<string, number> {
  return new Map(machines.ceilings());
}
