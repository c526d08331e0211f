import type { CallFact, RunFacts } from './facts';

/** The calls that change an instance's power state, each at most once an incident. */
const powerCommands = ['StopInstances', 'StartInstances', 'RebootInstances'];

/** Changes by the playbooks; what others do has no caller. */
export const changesOf = ({ calls }: RunFacts) => calls.filter(({ effective, caller }) => caller && effective);

/** Changes by the playbooks of instances' power state. */
export const powerChanges = (facts: RunFacts) =>
  changesOf(facts).filter(({ service, command }) => service === 'ec2' && powerCommands.includes(command));

/** The execution that made a call. */
export const madeBy = ({ caller }: CallFact) => caller?.executionId ?? 'nobody';

interface TargetInput {
  TargetGroupArn?: string;
  Targets?: { Id?: string }[];
}

/** The load balancer's targets that a call is about. */
export const targetsOf = ({ input }: CallFact): string[] =>
  ((input as TargetInput).Targets ?? []).flatMap(({ Id }) => Id ?? []);

/** Whether a command takes an instance out of service, or puts it back. */
export const isMove = (command: string) => /^((Enter|Exit)Standby|(Der|R)egisterTargets)$/.test(command);

/** Where a call takes an instance out of service, or puts it back: one name for each place. */
export function placesOf(call: CallFact, instanceId: string): string[] {
  const { command, input, resources } = call;
  if (/^(Enter|Exit)Standby$/.test(command)) return resources.includes(instanceId) ? ['its Auto Scaling group'] : [];
  if (!/^(Der|R)egisterTargets$/.test(command) || !targetsOf(call).includes(instanceId)) return [];
  return [(input as TargetInput).TargetGroupArn ?? 'a target group'];
}

/** When an execution began to close its incident, which gives the lease back. */
export function closedAt({ executions }: RunFacts, executionId: string): number {
  const execution = executions.find(({ id }) => id === executionId);
  const closing = execution?.path.findLast(({ state }) => state === 'Close incident');
  return closing?.at ?? execution?.endedAt ?? Number.POSITIVE_INFINITY;
}
