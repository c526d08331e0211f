import type { ScenarioInput } from '../scenario/schema';
import { seededRandom } from '../stack/ids';
import { pick, type Random } from './random';

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
  const kind = {
    ...(random() < 0.2 ? { instanceType: pick(random, types) } : {}),
    ...(random() < 0.06 ? { spot: 'persistent' as const } : {}),
    ...(random() < 0.06 ? { startMeets: pick(random, refusals) } : {}),
    ...(random() < 0.3 ? { volumes } : {}),
    ...(random() < 0.4 ? { iamInstanceProfileArn: profile } : {}),
    ...(random() < 0.1 ? { platform: 'windows' as const } : {}),
  };
  // Drawn after all else, so that what was drawn before stays the same.
  const slow = random() < 0.1 ? { volumes: [...volumes.slice(0, 1), slowVolume(random)] } : {};
  return { ...kind, ...slow };
}

/** A data volume of which one snapshot at a time can be taken, and of which one may be under way. */
const slowVolume = (random: Random) => ({
  deviceName: '/dev/sdg',
  size: 500,
  volumeType: pick(random, ['st1', 'sc1'] as const),
  othersSnapshotSeconds: pick(random, [0, 120, 400, 7_200]),
});
