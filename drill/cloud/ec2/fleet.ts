import { instanceIdMalformed, instanceNotFound } from './errors';
import type { Ec2Instance } from './instance';

const TERMINATED_STAYS_VISIBLE_MS = 3_600_000;

/** All instances of the account, found by id as EC2 finds them. */
export class Fleet {
  private readonly instances = new Map<string, Ec2Instance>();

  add(instance: Ec2Instance): void {
    this.instances.set(instance.id, instance);
  }

  /** The instances EC2 still shows: terminated ones disappear after about an hour. */
  visible(): Ec2Instance[] {
    return [...this.instances.values()].filter(isVisible);
  }

  /** The instance, whether visible or not. */
  find(id: string): Ec2Instance | undefined {
    return this.instances.get(id);
  }

  /** The instances of these ids. @throws InvalidInstanceID.NotFound or .Malformed, for all of them or none. */
  require(ids: readonly string[]): Ec2Instance[] {
    const malformed = ids.find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
    if (malformed !== undefined) throw instanceIdMalformed(malformed);
    const missing = ids.filter((id) => !isVisible(this.instances.get(id)));
    if (missing.length > 0) throw instanceNotFound(missing);
    return ids.map((id) => this.instances.get(id)!);
  }
}

function isVisible(instance: Ec2Instance | undefined): instance is Ec2Instance {
  if (!instance) return false;
  return (
    instance.state !== 'terminated' || Date.now() - (instance.history.at(-1)?.at ?? 0) < TERMINATED_STAYS_VISIBLE_MS
  );
}
