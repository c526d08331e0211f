import { readAlarmName } from '../enrolment/alarm-kinds';
import type { Proposal } from './threshold';

/**
 * How a person takes a proposal over: the tag that sets the threshold of one instance.
 * @returns undefined for an alarm that enrolment did not make, or of which no tag sets the threshold
 */
export function commandFor({ alarmName, proposed }: Proposal, stage: string): string | undefined {
  const known = readAlarmName(alarmName, stage);
  if (!known?.kind.override) return undefined;
  const { tag, most } = known.kind.override;
  if (proposed.threshold > most) return undefined;
  return `aws ec2 create-tags --resources ${known.instanceId} --tags Key=${tag},Value=${proposed.threshold}`;
}
