import { eventsOf } from '../scenario/events';
import type { Scenario } from '../scenario/schema';
import { StageError } from './errors';

/** The place and time of a drill. */
export interface Place {
  instanceId: string;
  /** ARN of the machine, which contains account and region. */
  machineArn: string;
  now: Date;
  requestedBy: string;
}

/**
 * The input of a scenario's playbook on a real stage, marked as a drill. Only the start is taken from the scenario: its
 * fleet, metrics and faults exist only in the simulated cloud. Pure.
 *
 * A scenario with an alarm is started manually, because no real alarm is triggered; one with an event gets its first
 * event, with this instance, this account and the current time.
 * @throws StageError if the event is not a finding, and so could only be an alarm that never fired
 */
export function startInput({ starts, name }: Scenario, { instanceId, machineArn, now, requestedBy }: Place): object {
  if (starts.by === 'event') {
    const [event] = eventsOf(starts);
    if (event?.['detail-type'] !== 'GuardDuty Finding')
      throw new StageError(
        `The scenario "${name}" needs an event that no alarm of a stage sends, so it runs only in the simulated cloud.`,
      );
    const [, , , region = '', account = ''] = machineArn.split(':');
    const detail = event.detail as Record<string, unknown>;
    const { service, resource, ...rest } = detail;
    const time = now.toISOString();
    const here = { ...rest, resource, service, accountId: account, region, updatedAt: time };
    return {
      start: 'drill',
      event: fillIn({ ...event, account, region, time, detail: here }, instanceId),
    };
  }
  const given = starts.by === 'manual' ? starts.input : {};
  const reason = starts.by === 'manual' ? starts.reason : `A drill of the scenario ${name}.`;
  const usual = { start: 'manual', instanceId, reason, requestedBy, drill: true };
  return { ...usual, ...fillIn(given, instanceId) };
}

function fillIn<T>(value: T, instanceId: string): T {
  const text = JSON.stringify(value);
  if (text.includes('{incident}'))
    throw new StageError(
      'The scenario needs an earlier incident; start its playbook manually with that incident’s ID.',
    );
  return JSON.parse(text.replaceAll('{instance}', instanceId)) as T;
}
