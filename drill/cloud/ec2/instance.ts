import type { InstanceStateName, StateReason, SummaryStatus } from '@aws-sdk/client-ec2';
import { type Environment, randomHex } from '../environment';
import { Consistency } from './consistency';
import { type InstanceSpec, type SymptomInput, symptomSchema } from './spec';
import { begin, type Course, symptomAt } from './symptoms';
import { assertCredits, assertModelled, type Timing, timingOf } from './types';

/** What DescribeInstances tells of an instance's life. */
export interface Life {
  state: InstanceStateName;
  launchTime: number;
  transitionReason: string;
  stateReason?: StateReason;
  publicIp?: string;
}

/** The status checks of EC2; that of attached volumes is Nitro's. Source: EC2 user guide, "Status checks". */
export type StatusCheck = 'Instance' | 'System' | 'AttachedEBS';

/** A volume attached to an instance. */
export type Volume = Omit<InstanceSpec['volumes'][number], 'deleteOnTermination'> & {
  volumeId: string;
  deleteOnTermination: boolean;
  tags: Map<string, string>;
};
/** A network interface attached to an instance. */
export type NetworkInterface = InstanceSpec['networkInterfaces'][number] & {
  networkInterfaceId: string;
  subnetId: string;
  tags: Map<string, string>;
};

/** What of an instance can be changed by ModifyInstanceAttribute; volumes by ID. */
export interface Attributes {
  disableApiTermination: boolean;
  deleteOnTermination: ReadonlyMap<string, boolean>;
}

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
  /** Whether its public address is an Elastic IP, which a stop does not take. */
  hasElasticIp: boolean;
  /** From when its status checks have an outcome; until then they are initializing. */
  checkedFrom: number;
  /** Reboots, during which the operating system answers no check; epoch ms. */
  readonly reboots: { from: number; to: number }[] = [];
  readonly timing: Timing;
  private attributesBefore: Attributes | undefined;
  private attributesChangedAt = Number.NEGATIVE_INFINITY;
  /** When it was put on a host by the drill, epoch ms. */
  readonly createdAt = Date.now();
  /** When a stop and start last moved it to another host. Source: EC2 user guide, "Stop and start Amazon EC2 instances". */
  movedAt: number | undefined;
  /** When the options of its metadata service were last changed. */
  metadataChangedAt = Number.NEGATIVE_INFINITY;
  private before: Life;
  private staleReads = 0;

  /** @throws UnmodelledInputError for a type that is not modelled, or where EC2 does not have it */
  constructor(
    readonly spec: InstanceSpec,
    environment: Environment,
    private readonly consistency: Consistency = new Consistency(),
  ) {
    assertModelled(spec.instanceType);
    assertCredits(spec);
    const own = Object.entries(spec.timing).filter(([, range]) => range !== undefined);
    this.timing = { ...timingOf(spec.instanceType), ...Object.fromEntries(own) };
    const { random, region } = environment;
    const id = (prefix: string) => `${prefix}-${randomHex(random, 17)}`;
    this.id = spec.instanceId ?? id('i');
    this.tags = new Map(Object.entries(spec.tags));
    this.tagHistory = [{ at: Number.NEGATIVE_INFINITY, tags: new Map(this.tags) }];
    this.volumes =
      spec.rootDeviceType === 'ebs'
        ? spec.volumes.map((volume, index) => ({
            ...volume,
            // Source: EC2 user guide, "Preserve data when an instance is terminated": of attached volumes only the root's.
            deleteOnTermination: volume.deleteOnTermination ?? index === 0,
            volumeId: volume.volumeId ?? id('vol'),
            tags: new Map(),
          }))
        : [];
    this.interfaces = spec.networkInterfaces.map((item) => ({
      ...item,
      networkInterfaceId: item.networkInterfaceId ?? id('eni'),
      subnetId: item.subnetId ?? spec.subnetId,
      tags: new Map(),
    }));
    if (spec.publicIpv4 && spec.elasticIp) this.allocationId = id('eipalloc');
    this.hasElasticIp = this.allocationId !== undefined;
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

  /** When it entered its state, in epoch ms. */
  get stateSince(): number {
    return this.history.at(-1)!.at;
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
    const life = this.shown();
    if (this.staleReads > 0) this.staleReads -= 1;
    return life;
  }

  /** The same, for what only chooses among instances: it is not the look itself. */
  shown(): Life {
    if (this.staleReads > 0) return this.before;
    return this.consistency.isStateSeen(this.id, this.stateSince) ? this.life : this.before;
  }

  /** Notes how its attributes were, before they are changed. */
  changeAttributes(change: () => void): void {
    this.attributesBefore = this.attributes();
    this.attributesChangedAt = Date.now();
    change();
  }

  /** Its attributes as they look to somebody who reads them now. */
  attributesSeen(): Attributes {
    const isOld = this.attributesBefore && this.consistency.asOf(this.id) < this.attributesChangedAt;
    return isOld ? this.attributesBefore! : this.attributes();
  }

  private attributes(): Attributes {
    return {
      disableApiTermination: this.spec.disableApiTermination,
      deleteOnTermination: new Map(this.volumes.map((one) => [one.volumeId, one.deleteOnTermination])),
    };
  }

  /** Its tags as they look to somebody who describes it now. */
  tagsSeen(): ReadonlyMap<string, string> {
    return this.tagsAt(this.consistency.asOf(this.id));
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

  /** The outcome of one of its status checks at a point in time. */
  statusCheck(check: StatusCheck, at: number): SummaryStatus {
    if (this.stateAt(at) !== 'running') return 'not-applicable';
    if (symptomAt(this.courses, `StatusCheckFailed_${check}`, at)) return 'impaired';
    if (check === 'AttachedEBS') return at < this.checkedFrom ? 'initializing' : 'ok';
    if (symptomAt(this.courses, 'StatusCheckFailed', at)) return 'impaired';
    // Checks run every minute: a reboot that takes longer fails one. Source: EC2 user guide, "Status checks".
    if (check === 'Instance' && this.reboots.some(({ from, to }) => at >= from + 60_000 && at < to)) return 'impaired';
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
