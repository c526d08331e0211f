import type { Refusal } from '../record/conclusion';
import { type FindingType, findingTypes } from './types';

/**
 * The types that each rule of the template lists; a trailing or leading `*` stands for any text. The rules name families,
 * since a pattern is limited to 2,048 characters, so a new type of a family starts its playbook too.
 * Source: EventBridge user guide, "Amazon EventBridge quotas".
 */
export const ruleTypes = {
  isolate: [
    ...['Backdoor:EC2/*', 'CryptoCurrency:EC2/*', 'DefenseEvasion:EC2/*', 'Trojan:EC2/*', '*:Runtime/*'],
    ...['Execution:EC2/*', 'Execution:ECS/*', 'Execution:Container/*'],
    ...['Execution:Kubernetes/MaliciousFile', 'Execution:Kubernetes/SuspiciousFile'],
    ...['Impact:EC2/AbusedDomain*', 'Impact:EC2/BitcoinDomain*', 'Impact:EC2/MaliciousDomain*'],
    ...['Impact:EC2/SuspiciousDomain*', 'Impact:EC2/PortSweep', 'Recon:EC2/Portscan'],
    ...['UnauthorizedAccess:EC2/MaliciousIPCaller.Custom', 'UnauthorizedAccess:EC2/MetadataDNSRebind'],
    ...['UnauthorizedAccess:EC2/TorClient', 'UnauthorizedAccess:EC2/TorRelay'],
  ],
  /** It names its instances in a place of its own. */
  isolateSequence: ['AttackSequence:EC2/*'],
  isolateActor: [
    'Impact:EC2/WinRMBruteForce',
    'UnauthorizedAccess:EC2/RDPBruteForce',
    'UnauthorizedAccess:EC2/SSHBruteForce',
  ],
  blockTarget: [
    'Impact:EC2/WinRMBruteForce',
    'Recon:EC2/PortProbe*',
    'UnauthorizedAccess:EC2/RDPBruteForce',
    'UnauthorizedAccess:EC2/SSHBruteForce',
  ],
} as const;

/** What decides where a finding goes. */
export interface Routed {
  type: string;
  resourceType: string;
  role?: string | undefined;
  severity: number;
  /** The instances that it names, anywhere. */
  instanceIds: readonly string[];
}

/** The lowest severities at which the stage's playbooks start. */
export interface Severities {
  isolate: number;
  block: number;
}

export type Route =
  | { starts: 'isolate-instance' | 'block-traffic' }
  | { starts: 'told'; refusal: Refusal }
  | { starts: 'nothing' };

const isOneOf = (type: string, patterns: readonly string[]) =>
  patterns.some((pattern) => {
    if (pattern.startsWith('*') && pattern.endsWith('*')) return type.includes(pattern.slice(1, -1));
    return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
  });

/** What a finding starts, as the rules of the template do it; whatever is about EC2 and starts nothing is told. Pure. */
export function routeOf(found: Routed, lowest: Severities): Route {
  const playbook = playbookOf(found);
  const limit = playbook === 'block-traffic' ? lowest.block : lowest.isolate;
  if (playbook && found.severity >= limit) return { starts: playbook };
  if (!isAboutEc2(found)) return { starts: 'nothing' };
  const { type, severity } = found;
  if (playbook) {
    const reason = `GuardDuty reports ${type} with severity ${severity}, below ${limit}, from which ${playbook} starts.`;
    return { starts: 'told', refusal: { code: 'below-severity', reason } };
  }
  return { starts: 'told', refusal: { code: 'not-handled', reason: `No playbook handles ${type}: ${whyNot(found)}.` } };
}

function playbookOf({ type, role, instanceIds }: Routed): 'isolate-instance' | 'block-traffic' | undefined {
  if (role === 'TARGET' && isOneOf(type, ruleTypes.blockTarget)) return 'block-traffic';
  if (isOneOf(type, ruleTypes.isolateSequence)) return 'isolate-instance';
  if (instanceIds.length === 0) return undefined;
  if (role === 'ACTOR' && isOneOf(type, ruleTypes.isolateActor)) return 'isolate-instance';
  return isOneOf(type, ruleTypes.isolate) ? 'isolate-instance' : undefined;
}

const aboutEc2 = ['*:EC2/*', '*:Runtime/*', 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration*'];

/** Whether a finding is about EC2: by its type, its resource, or an instance that it names. */
const isAboutEc2 = ({ type, resourceType, instanceIds }: Routed) =>
  resourceType === 'Instance' || instanceIds.length > 0 || isOneOf(type, aboutEc2);

function whyNot({ type, role, instanceIds }: Routed): string {
  const known: FindingType | undefined = findingTypes.find((one) => one.type === type);
  if (!known) return 'the type is unknown to this release';
  if (known.starts === 'told') return known.why;
  if (typeof known.starts === 'object')
    return role ? 'it names no instance' : 'it does not say whether the instance is actor or target';
  return instanceIds.length === 0 ? 'it names no instance' : `its resource role is ${role ?? 'not given'}`;
}
