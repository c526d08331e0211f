import { resourcesOf, type Stack } from './roles';
import { environmentOf, place } from './samples';
import { SimulationError } from './simulate';

/** Condition keys of a request, as IAM sees them. */
export type Context = Record<string, string | string[]>;
/** The two tags by which an owner opts an instance in and keeps automation off it. */
export interface GuardTags {
  optIn: string;
  protect: string;
}

/** What a request of this product carries besides the tags of its instance. */
const carried: Record<string, Context> = {
  'ec2:CreateTags': { 'aws:TagKeys': ['incident-playbooks:quarantined-by'] },
  'ec2:DeleteTags': { 'aws:TagKeys': ['incident-playbooks:quarantined-by'] },
  'ec2:ReplaceIamInstanceProfileAssociation': {
    'ec2:NewInstanceProfile': `arn:aws:iam::${place.account}:instance-profile/incident-playbooks-dev-quarantine`,
  },
  'ec2:CreateSecurityGroup': { 'aws:RequestTag/incident-playbooks:quarantine-group': 'incident' },
  'ec2:DeleteSecurityGroup': { 'aws:ResourceTag/incident-playbooks:quarantine-group': 'incident' },
  'ec2:AuthorizeSecurityGroupEgress': { 'aws:ResourceTag/incident-playbooks:quarantine-group': 'incident' },
  'ec2:AuthorizeSecurityGroupIngress': { 'aws:ResourceTag/incident-playbooks:quarantine-group': 'incident' },
  'ec2:RevokeSecurityGroupEgress': { 'aws:ResourceTag/incident-playbooks:quarantine-group': 'incident' },
};

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
  return (action) => ({ ...taggedWith({ [tags.optIn]: 'true' }), ...carried[action] });
}

/** The context of a request for a resource with these tags. */
export function taggedWith(tags: Record<string, string>): Context {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}
