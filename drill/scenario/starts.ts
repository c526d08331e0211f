import { PlaybookError } from '../../functions/shared/errors';
import type { CloudEvent, SimulatedCloud } from '../cloud';
import type { DrillPlace } from '../stack/spokes';
import type { Stack } from '../stack/stack';
import { later } from '../time/later';
import { eventsOf } from './events';
import type { Scenario } from './schema';

/** The scenario refers to something that the stack does not have. */
export class ScenarioStartError extends PlaybookError {}

/**
 * Starts the playbook as the scenario says. Alarms watch their metrics on their own.
 * @throws ScenarioStartError if the template has no such playbook, however it is started
 */
export function start(scenario: Scenario, stack: Stack): void {
  const { starts } = scenario;
  const machineArn = machineOf(scenario.playbook, stack);
  switch (starts.by) {
    case 'alarm':
      return;
    case 'manual': {
      const { reason, requestedBy, input } = starts;
      const instanceId = stack.instanceIds[starts.instance];
      const usual = { start: 'manual', instanceId, reason, requestedBy };
      stack.machines.startExecution(machineArn, fillIn({ ...usual, ...input }, stack));
      return;
    }
    case 'alarm-state': {
      const { alarm, reason, afterMinutes, account } = starts;
      const { cloud } = busOf(account, stack);
      const name = alarmName(alarm, cloud);
      later(afterMinutes * 60_000, () => cloud.cloudWatch.setState(name, 'ALARM', reason));
      return;
    }
    case 'event': {
      for (const [i, event] of eventsOf(starts).entries()) {
        const filled = fillIn(event, stack) as unknown as CloudEvent;
        later((i + 1) * starts.secondsApart * 1000, () => busOf(starts.account, stack).publish(filled));
      }
    }
  }
}

/** The ARN of a playbook's state machine. @throws ScenarioStartError if the template has none */
function machineOf(playbook: string, { resources }: Stack): string {
  const machines = resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');
  const machine = machines.find(({ arn }) => arn.endsWith(`-${playbook}`));
  if (!machine) throw new ScenarioStartError(`The template has no state machine for the playbook "${playbook}".`);
  return machine.arn;
}

/**
 * The cloud of an account in the cell's region, with what takes events there: an event of another account comes over the bus
 * of that account, and is forwarded from there. An account that is only elsewhere is taken there, and reaches no rule.
 */
function busOf(account: string | undefined, { cloud, bus, places }: Stack): Pick<DrillPlace, 'cloud' | 'publish'> {
  if (account === undefined || account === cloud.place.account)
    return { cloud, publish: (event) => bus.publish(event) };
  const its = places.filter((one) => one.account === account);
  const found = its.find(({ region }) => region === cloud.place.region) ?? its[0];
  if (!found) throw new ScenarioStartError(`The drill has no account ${account} among its places.`);
  return found;
}

function alarmName(ending: string, cloud: SimulatedCloud): string {
  const alarm = cloud.cloudWatch.alarms.all().find(({ name }) => name.endsWith(ending));
  if (!alarm) throw new ScenarioStartError(`The template has no alarm whose name ends with "${ending}".`);
  return alarm.name;
}

function fillIn(input: Record<string, unknown>, stack: Stack): Record<string, unknown> {
  const text = JSON.stringify(input).replaceAll('{instance}', stack.instanceIds[0] ?? '');
  return JSON.parse(text.replaceAll('{incident}', firstIncident(stack) ?? '')) as Record<string, unknown>;
}

/** The incident that requested approval first. */
function firstIncident({ cloud }: Stack): string | undefined {
  return cloud.sns.messages.map(({ message }) => /inc-[0-9a-f]{20}/.exec(message)?.[0]).find((id) => id !== undefined);
}

/** Starts what a person starts later. */
export function startLater({ follows }: Scenario, stack: Stack): void {
  for (const { playbook, afterMinutes, input } of follows) {
    const usual = { start: 'manual', reason: 'A person asked for it.', requestedBy: 'drill' };
    later(afterMinutes * 60_000, () =>
      stack.machines.startExecution(machineOf(playbook, stack), fillIn({ ...usual, ...input }, stack)),
    );
  }
}
