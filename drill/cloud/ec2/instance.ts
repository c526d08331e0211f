import type { InstanceStateName, StateReason, SummaryStatus } from '@aws-sdk/client-ec2';
import { type Environment, randomHex } from '../environment';
import { type InstanceSpec, type SymptomInput, symptomSchema } from './spec';
import { begin, type Course, symptomAt } from './symptoms';

/** What DescribeInstances tells of an instance's life. */
export interface Life {
  state: InstanceStateName;
  launchTime: number;
  transitionReason: string;
  stateReason?: StateReason;
  publicIp?: string;
}

/** A volume attached to an instance. */
export type Volume = InstanceSpec['volumes'][number] & { volumeId: string };
/** A network interface attached to an instance. */
export type NetworkInterface = InstanceSpec['networkInterfaces'][number] & {
  networkInterfaceId: string;
  subnetId: string;
};

/** One simulated instance: what it is, how it is, and the history its metrics are computed from. */
export class Ec2Instance {
  readonly id: string;
  readonly tags: Map<string, string>;
  readonly volumes: Volume[];
  readonly interfaces: NetworkInterface[];
  readonly allocationId?: string;
  readonly availabilityZone: string;
  readonly privateIp: string;
  readonly spotRequestId?: string;
  readonly courses: Course[];
  readonly history: { at: number; state: InstanceStateName }[];
  /** Its tags from each change of them on. */
  readonly tagHistory: { at: number; tags: ReadonlyMap<string, string> }[];
  life: Life;
  /** From when its status checks have an outcome; until then they are initializing. */
  checkedFrom: number;
  private before: Life;
  private staleReads = 0;

  constructor(
    readonly spec: InstanceSpec,
    environment: Environment,
  ) {
    const { random, region } = environment;
    const id = (prefix: string) => `${prefix}-${randomHex(random, 17)}`;
    this.id = spec.instanceId ?? id('i');
    this.tags = new Map(Object.entries(spec.tags));
    this.tagHistory = [{ at: Number.NEGATIVE_INFINITY, tags: new Map(this.tags) }];
    this.volumes =
      spec.rootDeviceType === 'ebs'
        ? spec.volumes.map((volume) => ({ ...volume, volumeId: volume.volumeId ?? id('vol') }))
        : [];
    this.interfaces = spec.networkInterfaces.map((item) => ({
      ...item,
      networkInterfaceId: item.networkInterfaceId ?? id('eni'),
      subnetId: item.subnetId ?? spec.subnetId,
    }));
    if (spec.publicIpv4 && spec.elasticIp) this.allocationId = id('eipalloc');
    if (spec.spot) this.spotRequestId = `sir-${randomHex(random, 8)}`;
    this.availabilityZone = spec.availabilityZone ?? `${region}a`;
    this.privateIp = `10.0.${octet(random)}.${octet(random)}`;
    const launchTime = Date.now() - spec.launchedSecondsAgo * 1000;
    this.courses = spec.symptoms.map((symptom) => begin(symptom, Date.now()));
    this.checkedFrom = launchTime;
    this.life = { state: spec.state, launchTime, transitionReason: '' };
    if (spec.publicIpv4 && (this.allocationId || spec.state === 'running')) this.life.publicIp = publicAddress(random);
    this.history = [{ at: launchTime, state: 'running' }];
    if (spec.state !== 'running') this.history.push({ at: Date.now(), state: spec.state });
    this.before = this.life;
  }

  get state(): InstanceStateName {
    return this.life.state;
  }

  /** Moves on to another state. The next `staleReads` descriptions still show how it was before. */
  moveTo(state: InstanceStateName, change: Partial<Life>, staleReads: number): void {
    this.before = this.life;
    this.staleReads = staleReads;
    this.life = { ...this.life, ...change, state };
    this.history.push({ at: Date.now(), state });
  }

  /** How it looks to somebody who describes it now: EC2 is eventually consistent. */
  seen(): Life {
    if (this.staleReads === 0) return this.life;
    this.staleReads -= 1;
    return this.before;
  }

  /** The state it was in at a point in time, if it existed then. */
  stateAt(at: number): InstanceStateName | undefined {
    // A loop, here and for symptoms: a drill over a month asks a hundred million times.
    for (let i = this.history.length - 1; i >= 0; i -= 1) {
      const entry = this.history[i]!;
      if (entry.at <= at) return entry.state;
    }
    return undefined;
  }

  /** Sets a tag. @returns whether that changed anything */
  setTag(key: string, value: string): boolean {
    if (this.tags.get(key) === value) return false;
    this.tags.set(key, value);
    this.tagHistory.push({ at: Date.now(), tags: new Map(this.tags) });
    return true;
  }

  /** Removes a tag. @returns whether it was there */
  removeTag(key: string): boolean {
    const wasThere = this.tags.delete(key);
    if (wasThere) this.tagHistory.push({ at: Date.now(), tags: new Map(this.tags) });
    return wasThere;
  }

  /** Its tags at a point in time. */
  tagsAt(at: number): ReadonlyMap<string, string> {
    return this.tagHistory.findLast((entry) => entry.at <= at)!.tags;
  }

  /** Makes something go wrong with it. */
  addSymptom(symptom: SymptomInput): void {
    this.courses.push(begin(symptomSchema.parse(symptom), Date.now()));
  }

  /** The outcome of one of its two status checks at a point in time. */
  statusCheck(check: 'Instance' | 'System', at: number): SummaryStatus {
    if (this.stateAt(at) !== 'running') return 'not-applicable';
    const failed = check === 'Instance' ? 'StatusCheckFailed_Instance' : 'StatusCheckFailed_System';
    if (symptomAt(this.courses, failed, at) || symptomAt(this.courses, 'StatusCheckFailed', at)) return 'impaired';
    return at < this.checkedFrom ? 'initializing' : 'ok';
  }
}

/** An address out of a range that is reserved for documentation. */
export function publicAddress(random: () => number): string {
  return `203.0.113.${octet(random)}`;
}

function octet(random: () => number): number {
  return 1 + Math.floor(random() * 254);
}
