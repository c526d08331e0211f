import type { ScenarioInput } from '../scenario/schema';
import { seededRandom } from '../stack/ids';
import { between, pick } from './random';

type HealthEvent = NonNullable<NonNullable<ScenarioInput['account']>['healthEvents']>[number];

/** Issues of AWS, and what only looks like one: a sample, one of another service, planned work. */
const kinds: readonly Partial<HealthEvent>[] = [
  {},
  { entities: ['{instance}'] },
  {
    entities: ['arn:aws:ec2:us-east-1:123456789012:volume/{volume}'],
    service: 'EBS',
    code: 'AWS_EBS_OPERATIONAL_ISSUE',
  },
  { entities: ['{volume}'], service: 'EBS', code: 'AWS_EBS_VOLUME_LOST', scope: 'ACCOUNT_SPECIFIC' },
  { category: 'investigation' },
  { endsMinute: -1 },
  { service: 'RDS', code: 'AWS_RDS_OPERATIONAL_ISSUE' },
  { category: 'scheduledChange', code: 'AWS_EC2_INSTANCE_STOP_SCHEDULED', entities: ['{instance}'] },
];

/** What AWS Health tells in a random drill: in one of eight something. Drawn apart from the rest, which is the same without it. */
export function drawHealth(seed: number): HealthEvent[] {
  const random = seededRandom(seed + 7_000_003);
  if (random() >= 0.125) return [];
  const minute = between(random, -5, 30);
  const closed = random() < 0.5 ? { closedMinute: Math.max(0, minute) + between(random, 5, 60) } : {};
  return [{ minute: Math.max(0, minute), ...pick(random, kinds), ...closed }];
}
