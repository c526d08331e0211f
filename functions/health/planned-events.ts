import { DescribeInstanceStatusCommand, type InstanceStatusEvent } from '@aws-sdk/client-ec2';
import { ec2 } from '../shared/clients/ec2';
import { oneLine } from '../shared/plain-text';

/** Work on an instance, or on its host, that EC2 has planned. */
export interface PlannedEvent {
  instanceId: string;
  /** EC2's id of it, missing from some. */
  id?: string | undefined;
  /** `instance-retirement`, `instance-stop`, `system-reboot`, `instance-reboot` or `system-maintenance`. */
  code: string;
  /** EC2's words, on one line. */
  description: string;
  /** ISO 8601: it begins no earlier. */
  notBefore?: string | undefined;
}

/**
 * Work that EC2 has planned for an instance and that is not over: what is completed or canceled stays listed for a week,
 * and says so in its description.
 * Source: EC2 API reference, InstanceStatusEvent; EC2 user guide, "Scheduled events for your instances".
 */
export async function plannedEventsOf(instanceId: string): Promise<PlannedEvent[]> {
  const { InstanceStatuses } = await ec2.send(
    new DescribeInstanceStatusCommand({ InstanceIds: [instanceId], IncludeAllInstances: true }),
  );
  return toPlanned(instanceId, InstanceStatuses?.[0]?.Events);
}

/** The events of one instance that are not over, the next one first. Pure. */
export function toPlanned(instanceId: string, events: readonly InstanceStatusEvent[] = []): PlannedEvent[] {
  return events
    .filter(({ Code, Description = '' }) => Code !== undefined && !/^\s*\[(Completed|Canceled)\]/i.test(Description))
    .map(({ Code, Description = '', InstanceEventId, NotBefore }) => ({
      instanceId,
      ...(InstanceEventId ? { id: InstanceEventId } : {}),
      code: String(Code),
      description: oneLine(Description).slice(0, 200),
      ...(NotBefore ? { notBefore: NotBefore.toISOString() } : {}),
    }))
    .sort((a, b) => (a.notBefore ?? '').localeCompare(b.notBefore ?? ''));
}
