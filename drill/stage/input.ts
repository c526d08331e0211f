import type { Scenario } from '../scenario/schema';
import { StageError } from './errors';

/** Where and when a drill takes place. */
export interface Place {
  instanceId: string;
  /** ARN of the machine, which says account and region. */
  machineArn: string;
  now: Date;
  requestedBy: string;
}

/**
 * What a scenario's playbook is started with on a real stage, marked as a drill. Only how it starts is taken from the
 * scenario: its fleet, metrics and faults are those of the simulated cloud. Pure.
 *
 * A scenario that an alarm starts is started by hand, since no alarm of a real account is set off; one that an event
 * starts is given its first event, about this instance, this account and now.
 * @throws StageError when the event is not a finding, and so could only be an alarm that never was
 */
export function startInput({ starts, name }: Scenario, { instanceId, machineArn, now, requestedBy }: Place): object {
  if (starts.by === 'event') {
    const [event] = starts.events;
    if (event?.['detail-type'] !== 'GuardDuty Finding')
      throw new StageError(`The scenario "${name}" is about a forged or wrong event: it can only be drilled here.`);
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
    throw new StageError('The scenario needs an earlier incident; start its playbook by hand with that incident’s id.');
  return JSON.parse(text.replaceAll('{instance}', instanceId)) as T;
}
