/** What a finding starts; `told` is a record and a notice, and nothing else. */
export type Starts = 'isolate-instance' | 'block-traffic' | 'told';

/** One of GuardDuty's finding types, with what this project does about it and why. */
export interface FindingType {
  type: string;
  /** By resource role where the role decides: ACTOR is the instance's own doing, TARGET is done to it. */
  starts: Starts | { ACTOR: Starts; TARGET: Starts };
  why: string;
}

const each = (starts: FindingType['starts'], why: string, types: readonly string[]): FindingType[] =>
  types.map((type) => ({ type, starts, why }));

const withDns = (type: string) => [type, `${type}!DNS`];

const reputation = ['Abused', 'Bitcoin', 'Malicious', 'Suspicious'].map((kind) => `${kind}DomainRequest.Reputation`);
const backdoors = [
  ...withDns('C&CActivity.B'),
  ...['Dns', 'Tcp', 'Udp', 'UdpOnTcpPorts', 'UnusualProtocol'].map((kind) => `DenialOfService.${kind}`),
  'Spambot',
];
const trojans = [
  ...withDns('BlackholeTraffic'),
  'DGADomainRequest.C!DNS',
  'DriveBySourceTraffic!DNS',
  ...withDns('DropPoint'),
  'PhishingDomainRequest!DNS',
];
const evasions = [
  'FilelessExecution',
  'KernelModuleLoaded',
  ...['Proc', 'Ptrace', 'VirtualMemoryWrite'].map((kind) => `ProcessInjection.${kind}`),
  'PtraceAntiDebugging',
];
const executions = [
  ...['MaliciousFileExecuted', 'MaliciousFileExecuted.Custom', 'NewBinaryExecuted', 'NewLibraryLoaded'],
  ...['ReverseShell', 'SuspiciousShellCreated', 'SuspiciousTool'],
];
const escalations = [
  ...['CGroupsReleaseAgentModified', 'ContainerMountsHostDirectory', 'DockerSocketAccessed', 'ElevationToRoot'],
  ...['RuncContainerEscape', 'UserfaultfdUsage'],
];
const under = (prefix: string, names: readonly string[]) => names.map((name) => prefix + name);
const bruteForce = [
  'Impact:EC2/WinRMBruteForce',
  'UnauthorizedAccess:EC2/RDPBruteForce',
  'UnauthorizedAccess:EC2/SSHBruteForce',
];

/**
 * Every finding type about EC2 that GuardDuty documents. docs/findings.md is generated from it, and a test compares the
 * rules of the template with it.
 * Source: GuardDuty user guide, "EC2 finding types", "Runtime Monitoring finding types", "Malware Protection for EC2 finding
 * types", "Malware Protection for Backup finding types", "Attack sequence finding types" and "IAM finding types".
 */
export const findingTypes: readonly FindingType[] = [
  ...each('isolate-instance', 'the instance is controlled from outside, or attacks others', [
    ...under('Backdoor:EC2/', backdoors),
    ...under('Backdoor:Runtime/', withDns('C&CActivity.B')),
  ]),
  ...each('isolate-instance', 'the instance works for somebody else', [
    ...under('CryptoCurrency:EC2/', withDns('BitcoinTool.B')),
    ...under('CryptoCurrency:Runtime/', withDns('BitcoinTool.B')),
    'Impact:Runtime/CryptoMinerExecuted',
  ]),
  ...each('isolate-instance', 'the instance asks for domains that malware uses', [
    ...under('Impact:EC2/', [...reputation, 'MaliciousDomainRequest.Custom']),
    ...under('Impact:Runtime/', reputation),
  ]),
  ...each('isolate-instance', 'the instance shows the traffic of malware', [
    ...under('Trojan:EC2/', [...trojans, 'DGADomainRequest.B', 'DNSDataExfiltration']),
    ...under('Trojan:Runtime/', trojans),
  ]),
  ...each('isolate-instance', 'the instance hides what it does', [
    ...under('DefenseEvasion:EC2/', ['UnusualDNSResolver', 'UnusualDoHActivity', 'UnusualDoTActivity']),
    ...under('DefenseEvasion:Runtime/', [...evasions, 'SuspiciousCommand', 'SensitiveFileModified']),
  ]),
  ...each('isolate-instance', 'the instance looks for more targets', ['Impact:EC2/PortSweep', 'Recon:EC2/Portscan']),
  ...each('isolate-instance', 'the instance uses Tor, or an address from your threat list', [
    ...under('UnauthorizedAccess:EC2/', ['MaliciousIPCaller.Custom', 'TorClient', 'TorRelay']),
    ...under('UnauthorizedAccess:Runtime/', ['TorClient', 'TorRelay']),
  ]),
  ...each('isolate-instance', 'somebody reads the credentials of the instance through DNS rebinding', [
    'UnauthorizedAccess:EC2/MetadataDNSRebind',
    'UnauthorizedAccess:Runtime/MetadataDNSRebind',
  ]),
  ...each('isolate-instance', 'hostile code runs on the instance, or in a container on it', [
    ...under('Execution:Runtime/', [...executions, 'SuspiciousCommand']),
    'Discovery:Runtime/SuspiciousCommand',
    ...under('Persistence:Runtime/', ['SuspiciousCommand', 'SensitiveFileModified']),
    ...under('PrivilegeEscalation:Runtime/', [...escalations, 'SuspiciousCommand', 'SensitiveFileModified']),
  ]),
  ...each(
    'isolate-instance',
    'malware is on a volume of the instance, or in a container on it',
    ['EC2', 'ECS', 'Kubernetes', 'Container'].flatMap((place) =>
      under(`Execution:${place}/`, ['MaliciousFile', 'SuspiciousFile']),
    ),
  ),
  ...each('isolate-instance', 'an attack goes through the instance; if it names several, each needs its own start', [
    'AttackSequence:EC2/CompromisedInstanceGroup',
  ]),
  ...each(
    { ACTOR: 'isolate-instance', TARGET: 'block-traffic' },
    'passwords are guessed: from the instance, or from an address that is blocked',
    bruteForce,
  ),
  ...each('block-traffic', 'an address looks for open ports', [
    'Recon:EC2/PortProbeEMRUnprotectedPort',
    'Recon:EC2/PortProbeUnprotectedPort',
  ]),
  ...each('told', 'unusual traffic is not hostile in itself; a person has to look', [
    'Behavior:EC2/NetworkPortUnusual',
    'Behavior:EC2/TrafficVolumeUnusual',
  ]),
  ...each(
    'told',
    'a copy of a disk is infected; no instance runs it yet',
    under('Execution:EC2/MaliciousFile!', ['AMI', 'RecoveryPoint', 'Snapshot']),
  ),
  ...each(
    'told',
    'stolen credentials are used elsewhere, so an isolation would not stop it: revoke the sessions of the role',
    under('UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.', ['InsideAWS', 'OutsideAWS']),
  ),
  ...each(
    'told',
    'an attack on a cluster is more than its instances: a person has to decide what to cut off',
    ['ECS', 'EKS'].map((kind) => `AttackSequence:${kind}/CompromisedCluster`),
  ),
];
