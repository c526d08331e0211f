import type { ScenarioInput } from '../scenario/schema';
import { seededRandom } from '../stack/ids';
import { pick } from './random';

type Instance = NonNullable<ScenarioInput['fleet']>[number];

const profile = 'arn:aws:iam::123456789012:instance-profile/web';
const types = ['m5.metal', 'i3.metal', 't2.micro', 'm5d.large', 'c6g.large'] as const;
const refusals = ['full-host', 'used-up-reservation', 'vcpu-quota', 'ended-subscription'] as const;

/**
 * What kind of instance a random drill has: kinds that AWS treats apart, by the table of its behaviour. Drawn apart from the
 * rest, which is the same without it.
 */
export function drawKind(seed: number, index: number): Partial<Instance> {
  const random = seededRandom(seed * 8 + index + 2_000_003);
  const volumes = [
    { encrypted: random() < 0.3 },
    ...(random() < 0.3 ? [{ deviceName: '/dev/sdf', deleteOnTermination: random() < 0.5 }] : []),
  ];
  return {
    ...(random() < 0.2 ? { instanceType: pick(random, types) } : {}),
    ...(random() < 0.06 ? { spot: 'persistent' as const } : {}),
    ...(random() < 0.06 ? { startMeets: pick(random, refusals) } : {}),
    ...(random() < 0.3 ? { volumes } : {}),
    ...(random() < 0.4 ? { iamInstanceProfileArn: profile } : {}),
    ...(random() < 0.1 ? { platform: 'windows' as const } : {}),
  };
}
