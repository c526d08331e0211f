import { PlaybookError } from '../../functions/shared/errors';
import type { CloudEvent } from '../cloud';
import type { Stack } from '../stack/stack';
import type { Scenario } from './schema';

/** The scenario speaks of something that the stack does not have. */
export class ScenarioStartError extends PlaybookError {}

/** Sets going what the scenario says starts the playbook. Alarms watch their metrics by themselves. */
export function start(scenario: Scenario, stack: Stack): void {
  const { starts } = scenario;
  switch (starts.by) {
    case 'alarm':
      return;
    case 'hand': {
      const { reason, requestedBy } = starts;
      const instanceId = stack.instanceIds[starts.instance];
      stack.machines.start(machineOf(scenario.playbook, stack), { start: 'by-hand', instanceId, reason, requestedBy });
      return;
    }
    case 'alarm-state': {
      const { alarm, reason, afterMinutes } = starts;
      const name = alarmName(alarm, stack);
      setTimeout(() => stack.cloud.cloudWatch.setState(name, 'ALARM', reason), afterMinutes * 60_000);
      return;
    }
    case 'event': {
      for (const [i, event] of starts.events.entries()) {
        const filled = fillIn(event, stack.instanceIds);
        setTimeout(() => stack.bus.publish(filled), (i + 1) * starts.secondsApart * 1000);
      }
    }
  }
}

/** The ARN of a playbook's state machine. @throws ScenarioStartError when the template has none */
function machineOf(playbook: string, { resources }: Stack): string {
  const machines = resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');
  const machine = machines.find(({ arn }) => arn.endsWith(`-${playbook}`));
  if (!machine) throw new ScenarioStartError(`The template has no state machine for the playbook "${playbook}".`);
  return machine.arn;
}

function alarmName(ending: string, { cloud }: Stack): string {
  const alarm = cloud.cloudWatch.alarms.all().find(({ name }) => name.endsWith(ending));
  if (!alarm) throw new ScenarioStartError(`The template has no alarm whose name ends with "${ending}".`);
  return alarm.name;
}

function fillIn(event: Record<string, unknown>, instanceIds: readonly string[]): CloudEvent {
  return JSON.parse(JSON.stringify(event).replaceAll('{instance}', instanceIds[0] ?? '')) as CloudEvent;
}
