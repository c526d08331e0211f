import { eventSource } from '../../functions/record/event-schema';
import { usualPartition, writesItems } from './partitions';
import { resourcesOf, type Stack } from './roles';
import { environmentOf, place, sampleEvidenceAccount } from './samples';
import { type Request, SimulationError } from './simulate';

/** Condition keys of a request, as IAM sees them. */
export type Context = Record<string, string | string[]>;
/** The two tags by which an owner opts an instance in and keeps automation off it. */
export interface GuardTags {
  optIn: string;
  protect: string;
}

/** Any action that writes an item: legitimate in the partition that all writers share. */
const carriedBy = (action: string): Context | undefined =>
  writesItems.test(action) ? usualPartition : carried[action];

const quarantineTag = 'incident-playbooks:quarantined-by';
const groupTag = 'incident-playbooks:quarantine-group';
const ofGroup: Context = { [`aws:ResourceTag/${groupTag}`]: 'incident' };

const quarantineProfile = `arn:aws:iam::${place.account}:instance-profile/incident-playbooks-dev-quarantine-${place.region}`;
const incidentKey = 'aws:ResourceTag/incident-playbooks:incident';
const ofIncident: Context = { [incidentKey]: 'inc-1' };
const restoring = 'RestoreInstanceIamRoleLambdaExecution';

/** What a request of this product carries besides the tags of its instance. */
const carried: Record<string, Context> = {
  'ec2:CreateTags': { 'aws:TagKeys': [quarantineTag] },
  'ec2:DeleteTags': { 'aws:TagKeys': [quarantineTag] },
  'ec2:CreateSecurityGroup': { [`aws:RequestTag/${groupTag}`]: 'incident' },
  'ec2:DeleteSecurityGroup': ofGroup,
  'ec2:AuthorizeSecurityGroupEgress': ofGroup,
  'ec2:AuthorizeSecurityGroupIngress': ofGroup,
  'ec2:RevokeSecurityGroupEgress': ofGroup,
  'ec2:LockSnapshot': { ...ofIncident, 'ec2:SnapshotLockDuration': '400' },
  'ec2:ModifySnapshotAttribute': { ...ofIncident, 'ec2:Add/userId': sampleEvidenceAccount },
  'ec2:DescribeSnapshotAttribute': ofIncident,
  'ec2:ModifyInstanceAttribute': { 'ec2:Attribute': 'DisableApiTermination' },
  'events:PutEvents': { 'events:source': [eventSource] },
  'ec2:ReplaceIamInstanceProfileAssociation': {
    'ec2:InstanceProfile': quarantineProfile,
    'ec2:NewInstanceProfile': quarantineProfile,
  },
};

interface Needed {
  actions: RegExp;
  resource: RegExp;
  keys: (tags: GuardTags) => string[];
  /** A role whose step cannot know the value, with the reason behind it. */
  notFor?: string;
  /** The only role whose step has to know it. */
  onlyFor?: string;
}

/** Keys without which, and with another value of which, a request for such a resource has to be denied. */
const needed: Needed[] = [
  { actions: /./, resource: /:instance\//, keys: ({ optIn }) => [`aws:ResourceTag/${optIn}`] },
  { actions: /^iam:(Put|Delete)RolePolicy$/, resource: /./, keys: ({ optIn }) => [`aws:ResourceTag/${optIn}`] },
  { actions: /^ec2:(Create|Delete)Tags$/, resource: /:instance\//, keys: () => ['aws:TagKeys'] },
  { actions: /^ec2:CreateTags$/, resource: /:(snapshot|security-group)\//, keys: () => ['ec2:CreateAction'] },
  { actions: /^ec2:CreateSecurityGroup$/, resource: /:security-group\//, keys: () => [`aws:RequestTag/${groupTag}`] },
  { actions: /^ec2:(Delete|Authorize|Revoke)SecurityGroup/, resource: /./, keys: () => Object.keys(ofGroup) },
  {
    actions: /^ec2:(LockSnapshot|(Describe|Modify)SnapshotAttribute)$/,
    resource: /./,
    keys: () => [incidentKey],
  },
  { actions: /^ec2:LockSnapshot$/, resource: /./, keys: () => ['ec2:SnapshotLockDuration'] },
  { actions: /^ec2:ModifySnapshotAttribute$/, resource: /./, keys: () => ['ec2:Add/userId', 'ec2:Add/group'] },
  { actions: writesItems, resource: /./, keys: () => Object.keys(usualPartition) },
  { actions: /^kms:CreateGrant$/, resource: /./, keys: () => ['kms:ViaService', 'kms:GrantIsForAWSResource'] },
  { actions: /^iam:PassRole$/, resource: /./, keys: () => ['iam:PassedToService'] },
  {
    actions: /^ec2:ReplaceIamInstanceProfileAssociation$/,
    resource: /./,
    keys: () => ['ec2:NewInstanceProfile'],
    // It puts back the profile that the record names.
    notFor: restoring,
  },
  {
    actions: /^ec2:ReplaceIamInstanceProfileAssociation$/,
    resource: /./,
    // What it puts back is not known, but what it replaces is.
    keys: () => ['ec2:InstanceProfile'],
    onlyFor: restoring,
  },
  { actions: /^events:PutEvents$/, resource: /./, keys: () => ['events:source'] },
  { actions: /^cloudwatch:PutMetricAlarm$/, resource: /./, keys: () => ['cloudwatch:AlarmActions'] },
];

/** Keys of which any value will do, each with its reason; without the key the request is denied nevertheless. */
export const anyValue: Record<string, string> = {
  [`aws:ResourceTag/${groupTag}`]: 'the tag names the incident, and is on groups of this product alone',
  [`aws:RequestTag/${groupTag}`]: 'the tag names the incident that the group is made for',
  ...Object.fromEntries(
    Object.keys(usualPartition).map((key) => [key, 'tools/template/partitions.ts tries each value']),
  ),
};

/** Values that a list names so that it is not empty, and that no request has. */
export const namingNothing: Record<string, string> = { 'cloudwatch:AlarmActions': 'none' };

/** Keys that have to hold for a request of this action for this resource under a role. */
export function neededKeys({ action, resource }: Request, tags: GuardTags, role: string): string[] {
  return needed
    .filter(
      (one) =>
        one.actions.test(action) &&
        one.resource.test(resource) &&
        one.notFor !== role &&
        (one.onlyFor ?? role) === role,
    )
    .flatMap(({ keys }) => keys(tags));
}

/**
 * The tags that the functions of a stack are told to go by.
 * @throws SimulationError when no function is told
 */
export function guardTagsOf(stack: Stack): GuardTags {
  for (const { properties } of resourcesOf(stack, 'AWS::Lambda::Function')) {
    const { OPT_IN_TAG, PROTECTED_TAG } = environmentOf(properties);
    if (OPT_IN_TAG && PROTECTED_TAG) return { optIn: OPT_IN_TAG, protect: PROTECTED_TAG };
  }
  throw new SimulationError('No function is told which tags opt in and protect');
}

/** The context of a legitimate request: an instance that opted in, and whatever else the call carries. */
export function legitimate(tags: GuardTags): (action: string) => Context {
  return (action) => ({ ...taggedWith({ [tags.optIn]: 'true' }), ...carriedBy(action) });
}

/** The context of a request for a resource with these tags. */
export function taggedWith(tags: Record<string, string>): Context {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}
