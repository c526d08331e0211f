import type { Behaviour } from './row';

const gone = { 'InvalidInstanceID.NotFound': 'seconds' } as const;
const api = 'EC2 API reference';
const waiter = 'botocore waiters';
const quotas = 'VPC user guide, "Amazon VPC quotas"';

/** Reads of EC2. */
const reads: readonly Behaviour[] = [
  {
    operations: ['ec2:DescribeInstances'],
    afterwards:
      'a new instance for up to 3 minutes, a state for up to 10; terminated ones are listed for about an hour',
    passes: gone,
    stands: ['InvalidInstanceID.Malformed'],
    limits: 'without MaxResults everything in one answer; not beside ids',
    source: `${api}, DescribeInstances; ${waiter} (InstanceExists, InstanceRunning)`,
  },
  {
    operations: ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstanceAttribute'],
    afterwards: 'checks and attributes for minutes',
    passes: gone,
    limits: '100 ids; a third check for attached EBS volumes; planned events that are over stay listed for a week',
    source: `${api}; ${waiter} (InstanceStatusOk); terraform-provider-aws waits 5 minutes for attributes`,
  },
  {
    operations: ['ec2:DescribeVolumes', 'ec2:DescribeInstanceTypes', 'ec2:DescribeSpotInstanceRequests'],
    afterwards: 'the state for up to 10 minutes; a Spot request is kept for 4 hours after it is cancelled',
    passes: { 'InvalidVolume.NotFound': 'seconds' },
    stands: ['InvalidInstanceType'],
    source: `${api}; ${waiter}; EC2 user guide, "Spot Instance request state"`,
  },
  {
    operations: ['ec2:DescribeSnapshots'],
    afterwards:
      'by tag for some seconds; large snapshots take hours; deleted into the Recycle Bin they are recoverable, then recovering',
    passes: { 'InvalidSnapshot.NotFound': 'seconds' },
    source: `${api}, DescribeSnapshots, SnapshotState; ${waiter} (SnapshotCompleted); EBS user guide, "Recycle Bin"`,
  },
  {
    operations: ['ec2:DescribeLockedSnapshots', 'ec2:DescribeSnapshotAttribute'],
    passes: { 'InvalidSnapshot.NotFound': 'seconds' },
    limits: 'only snapshots that are locked, or were until their locks expired',
    source: `${api}, DescribeLockedSnapshots, DescribeSnapshotAttribute`,
  },
  {
    operations: [
      'ec2:DescribeVpcs',
      'ec2:DescribeNatGateways',
      'ec2:DescribeVpcPeeringConnections',
      'ec2:DescribeAddresses',
      'ec2:DescribeNetworkAcls',
    ],
    afterwards: 'a recent change for seconds',
    limits: 'gateways and peerings that are deleted stay listed for a while; addresses have no pages',
    source: `${api}; VPC user guide, "VPC peering connection lifecycle"`,
  },
  {
    operations: ['ec2:DescribeCustomerGateways', 'ec2:DescribeVpnConnections'],
    afterwards: 'a recent change for seconds',
    limits: 'no pages; what is deleted stays listed for a while',
    source: `${api}; Site-to-Site VPN user guide, "Modify a VPN connection"`,
  },
  {
    operations: ['ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'],
    afterwards: 'the entries of the current version; pages of up to 100',
    passes: { 'InvalidPrefixListID.NotFound': 'seconds' },
    limits: 'lists of AWS, of the account, and of others who share them',
    source: `${api}; VPC user guide, "AWS-managed prefix lists"`,
  },
  {
    operations: ['ec2:DescribeNetworkInterfaces'],
    afterwards: 'groups that were just set, for seconds',
    passes: { 'InvalidNetworkInterfaceID.NotFound': 'seconds' },
    limits: 'many interfaces without MaxResults: the call fails',
    source: `${api}, DescribeNetworkInterfaces`,
  },
  {
    operations: ['ec2:DescribeSecurityGroups'],
    afterwards: 'a new group for up to 30 seconds',
    passes: { 'InvalidGroup.NotFound': 'seconds' },
    limits: '5 to 1,000 a page',
    source: `${api}; ${waiter} (SecurityGroupExists)`,
  },
  {
    operations: ['ec2:GetConsoleOutput'],
    afterwards: 'the output of the last boot',
    stands: ['UnsupportedOperation'],
    limits: '64 KB, kept for an hour; Latest on Nitro instances alone',
    source: 'EC2 user guide, "Instance console output"',
  },
  {
    operations: ['ec2:DescribeIamInstanceProfileAssociations'],
    afterwards: 'a new association is "associating" first',
    source: `${api}, DescribeIamInstanceProfileAssociations`,
  },
];

/** Changes of an instance's power state. */
const power: readonly Behaviour[] = [
  {
    operations: ['ec2:StopInstances'],
    afterwards: 'the state for up to 10 minutes',
    passes: { ...gone, IncorrectInstanceState: 'seconds' },
    stands: ['OperationNotPermitted', 'UnsupportedOperation'],
    limits: 'a hard stop after some minutes; force only for one that hangs longer than 10',
    repeat: 'succeeds, changes nothing',
    source: `${api}, StopInstances; EC2 user guide, "Stop and start Amazon EC2 instances"`,
  },
  {
    operations: ['ec2:StartInstances'],
    afterwards: 'the state for up to 10 minutes; pending may go back to stopped',
    passes: {
      ...gone,
      IncorrectInstanceState: 'seconds',
      IncorrectSpotRequestState: 'minutes',
      InsufficientInstanceCapacity: 'minutes',
      InsufficientHostCapacity: 'minutes',
      InsufficientCapacityOnHost: 'minutes',
      InsufficientReservedInstanceCapacity: 'minutes',
      ReservationCapacityExceeded: 'minutes',
      'InvalidCapacityReservationState.PendingActivation': 'minutes',
      InvalidHostState: 'minutes',
      SpotMaxPriceTooLow: 'minutes',
      InstanceLimitExceeded: 'minutes',
      ResourceLimitExceeded: 'minutes',
      DependencyViolation: 'minutes',
    },
    stands: ['VcpuLimitExceeded', 'OptInRequired', 'Unsupported', 'PendingVerification', 'CustomerKeyHasBeenRevoked'],
    limits: '5 requests at once and 2 a second; a persistent Spot Instance 2 minutes after its stop, Windows 5',
    repeat: 'succeeds, changes nothing',
    source: `${api}, StartInstances, "Error codes", "Request throttling"; EC2 user guide, "Stop a Spot Instance"`,
  },
  {
    operations: ['ec2:RebootInstances'],
    afterwards: 'no trace in the state; status checks may fail meanwhile',
    passes: gone,
    limits: 'a hard reboot after some minutes',
    repeat: 'reboots again',
    source: `${api}, RebootInstances`,
  },
];

/** Changes of an instance, its disks and its tags. */
const changes: readonly Behaviour[] = [
  {
    operations: ['ec2:ModifyInstanceAttribute'],
    afterwards: 'the attribute for minutes',
    passes: { ...gone, IncorrectInstanceState: 'seconds' },
    stands: ['UnsupportedOperation', 'OperationNotPermitted'],
    limits: 'one attribute a call; no termination protection for Spot, neither on nor off',
    repeat: 'overwrites',
    source: `${api}, ModifyInstanceAttribute; c7n#2083`,
  },
  {
    operations: ['ec2:ModifyInstanceMetadataOptions'],
    afterwards: 'pending for some seconds, then applied; options that are left out stay as they are',
    passes: { ...gone, IncorrectInstanceState: 'seconds' },
    stands: ['UnsupportedOperation', 'OperationNotPermitted'],
    limits: 'an account that enforces tokens refuses HttpTokens=optional',
    repeat: 'overwrites',
    source: `${api}, ModifyInstanceMetadataOptions`,
  },
  {
    operations: ['ec2:CreateSnapshots'],
    afterwards: 'by tag for some seconds; one volume that fails puts the whole set into error',
    passes: {
      ...gone,
      SnapshotCreationPerVolumeRateExceeded: 'seconds',
      ConcurrentSnapshotLimitExceeded: 'minutes',
      PendingSnapshotLimitExceeded: 'minutes',
      IncorrectState: 'seconds',
    },
    stands: ['SnapshotLimitExceeded'],
    limits: '5 pending a volume, 1 for st1 and sc1, those of others included',
    repeat: 'makes a second set',
    source: `${api}, CreateSnapshots, "Error codes"; EBS user guide, "Create multi-volume snapshots", "Quotas for Amazon EBS"`,
  },
  {
    operations: ['ec2:LockSnapshot'],
    afterwards:
      'locked at once, also while it is pending; the duration begins once it is complete, and a snapshot that fails loses its lock',
    passes: { 'InvalidSnapshot.NotFound': 'seconds' },
    stands: ['InvalidParameterCombination', 'OperationNotPermitted'],
    limits:
      '1 to 36,500 days; a cooling-off period of 1 to 72 hours in compliance mode alone; no right undoes compliance after it',
    repeat: 'changes mode and duration; a compliance lock that has cooled off can only be extended',
    source: `${api}, LockSnapshot; EBS user guide, "Considerations for Amazon EBS snapshot lock"`,
  },
  {
    operations: ['ec2:ModifySnapshotAttribute'],
    passes: { 'InvalidSnapshot.NotFound': 'seconds' },
    stands: ['OperationNotPermitted'],
    limits:
      '500 changes a call; no snapshot under the default key aws/ebs; under a customer managed key it succeeds, and the other account can copy only if the key lets it',
    repeat: 'succeeds',
    source: `${api}, ModifySnapshotAttribute; EBS user guide, "Share an Amazon EBS snapshot", "Share a KMS key"; hashicorp/packer issue 7499 (the code)`,
  },
  {
    operations: ['ec2:CreateTags', 'ec2:DeleteTags'],
    afterwards: 'the tags for minutes',
    passes: { ...gone, ConcurrentTagAccess: 'seconds' },
    stands: ['TagLimitExceeded', 'TagPolicyViolation'],
    limits: '50 tags a resource; DeleteTags with a value deletes that value alone',
    repeat: 'succeeds',
    source: `${api}, CreateTags, DeleteTags, "Error codes"`,
  },
  {
    operations: ['ec2:ReplaceIamInstanceProfileAssociation'],
    afterwards: 'the new association is "associating" first; a profile that was just made is not known',
    passes: { IncorrectState: 'seconds' },
    stands: ['InvalidAssociationID.NotFound'],
    limits: 'running instances alone',
    repeat: 'the old id is refused',
    source: `${api}, ReplaceIamInstanceProfileAssociation`,
  },
];

/** Changes of the network. */
const network: readonly Behaviour[] = [
  {
    operations: ['ec2:ModifyNetworkInterfaceAttribute'],
    afterwards: 'the groups for seconds',
    passes: { 'InvalidGroup.NotFound': 'seconds', 'InvalidNetworkInterfaceID.NotFound': 'seconds' },
    stands: ['AuthFailure'],
    limits: '5 groups an interface; what belongs to a service is refused',
    repeat: 'overwrites',
    source: `${api}; ${quotas}; c7n#3406`,
  },
  {
    operations: ['ec2:CreateSecurityGroup'],
    afterwards: 'the group for up to 30 seconds',
    stands: ['SecurityGroupLimitExceeded', 'InvalidGroup.Duplicate'],
    limits: '2,500 a region; names are not case-sensitive',
    repeat: 'InvalidGroup.Duplicate',
    source: `${api}, CreateSecurityGroup; ${waiter} (SecurityGroupExists); ${quotas}`,
  },
  {
    operations: [
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupEgress',
    ],
    afterwards: 'the rules for a moment',
    passes: { 'InvalidGroup.NotFound': 'seconds' },
    stands: ['RulesPerSecurityGroupLimitExceeded'],
    limits: '60 rules a family and side',
    repeat: 'InvalidPermission.Duplicate, InvalidPermission.NotFound',
    source: `${api}; ${quotas}`,
  },
  {
    operations: ['ec2:DeleteSecurityGroup'],
    afterwards: 'uses that have just ended',
    passes: { DependencyViolation: 'seconds', 'InvalidGroup.InUse': 'seconds' },
    stands: ['CannotDelete'],
    repeat: 'InvalidGroup.NotFound',
    source: `${api}, DeleteSecurityGroup; terraform-provider-aws retries for minutes`,
  },
  {
    operations: ['ec2:DisassociateAddress', 'ec2:AssociateAddress'],
    afterwards: 'a new public IPv4 address comes within minutes where there is one interface',
    passes: { 'InvalidAllocationID.NotFound': 'seconds' },
    stands: ['Resource.AlreadyAssociated', 'Gateway.NotAttached'],
    repeat: 'succeeds',
    source: `${api}; EC2 user guide, "Elastic IP addresses"`,
  },
  {
    operations: ['ec2:CreateNetworkAclEntry', 'ec2:DeleteNetworkAclEntry'],
    afterwards: 'the entries for seconds',
    stands: ['NetworkAclEntryLimitExceeded'],
    limits: '20 rules a direction and family, the default deny (32767, 32768) included',
    repeat: 'NetworkAclEntryAlreadyExists, InvalidNetworkAclEntry.NotFound',
    source: `${api}; ${quotas}`,
  },
];

export const ec2Rows: readonly Behaviour[] = [...reads, ...power, ...changes, ...network];
