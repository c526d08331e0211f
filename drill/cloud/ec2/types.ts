import { _InstanceType } from '@aws-sdk/client-ec2';
import { serviceError, UnmodelledInputError } from '../errors';
import type { InstanceSpec } from './spec';

/**
 * Families with instance store volumes: those with a `d` after the generation, and the ones that have them without it.
 * Source: EC2 user guide, "Instance store volume limits", "Amazon EC2 instance type naming conventions".
 */
const storage =
  /^([a-z]+\d+[a-z]*d[a-z]*|i2|i3|i3en|i4g|i4i|i7i|i7ie|i8g|im4gn|is4gen|d2|d3|d3en|h1|f1|f2|g2|g5|g6|gr6|p5|trn1|trn1n|x1|x1e|m1|m2|m3|c1|c3|r3|cr1|cc2|hs1|dl1)$/;
/** Families that run on Xen. Source: EC2 user guide, "Instances built on the AWS Nitro System". */
const xen = /^(t1|t2|m1|m2|m3|m4|c1|c3|c4|r3|r4|x1|x1e|d2|h1|i2|i3|f1|g2|g3|g3s|p2|p3|cc2|cg1|cr1|hi1|hs1)$/;
const known: ReadonlySet<string> = new Set(Object.values(_InstanceType));

/** What an instance type is, whatever was launched with it. */
export interface TypeFacts {
  hasInstanceStore: boolean;
  isNitro: boolean;
  isMetal: boolean;
}

/** @throws InvalidInstanceType for a type that EC2 does not have */
export function assertKnown(instanceType: string): void {
  if (known.has(instanceType)) return;
  const message = `The following supplied instance types do not exist: [${instanceType}]`;
  throw serviceError('ec2', 'InvalidInstanceType', message);
}

/** What a type is, by its name: types that are newer than the SDK follow the same rules. */
export function factsOf(instanceType: string): TypeFacts {
  const family = instanceType.split('.')[0]!;
  const isMetal = instanceType.includes('.metal');
  return { hasInstanceStore: storage.test(family), isNitro: isMetal || !xen.test(family), isMetal };
}

/**
 * "T3 instances with host tenancy do not support the unlimited CPU credit option"; with which code EC2 refuses such a
 * launch or start, no document says, so a drill of one would prove nothing.
 * Source: EC2 API reference, InstanceCreditSpecificationRequest.
 * @throws UnmodelledInputError
 */
export function assertCredits({ instanceType, tenancy, cpuCredits }: InstanceSpec): void {
  if (instanceType.startsWith('t3.') && tenancy === 'host' && cpuCredits === 'unlimited')
    throw new UnmodelledInputError(`EC2 has no ${instanceType} with unlimited CPU credits on a Dedicated Host.`);
}

/**
 * A Mac instance is bound to its Dedicated Host for 24 hours and is scrubbed for up to 3 hours after a stop: a drill of that
 * proves nothing that another kind does not.
 * @throws UnmodelledInputError, also for what is no instance type
 */
export function assertModelled(instanceType: string): void {
  if (instanceType.startsWith('mac'))
    throw new UnmodelledInputError(`The simulated EC2 does not model Mac instances (${instanceType}).`);
  if (!/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(instanceType))
    throw new UnmodelledInputError(`${instanceType} is no instance type.`);
}

/** How long state changes take, in seconds from and to. */
export interface Timing {
  pending: [number, number];
  stopping: [number, number];
  statusChecks: [number, number];
  shuttingDown: [number, number];
  reboot: [number, number];
}

/** Source of bare metal: packer#6289, aws-sdk-go#2039, pycloudlib#192; the rest: "Stop and start", some minutes at most. */
export function timingOf(instanceType: string): Timing {
  if (!instanceType.includes('.metal'))
    return { pending: [15, 40], stopping: [20, 60], statusChecks: [60, 150], shuttingDown: [20, 45], reboot: [20, 60] };
  return {
    pending: [1_200, 1_800],
    stopping: [600, 1_200],
    statusChecks: [300, 1_200],
    shuttingDown: [600, 900],
    reboot: [600, 1_200],
  };
}
