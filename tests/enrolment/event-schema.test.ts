import { enrolmentEventSchema, instanceOf } from '../../functions/enrolment/event-schema';

const envelope = { account: '123456789012', region: 'us-east-1' };
const stateChange = {
  ...envelope,
  source: 'aws.ec2',
  'detail-type': 'EC2 Instance State-change Notification',
  detail: { 'instance-id': 'i-0123456789abcdef0', state: 'running' },
};
const tagChange = {
  ...envelope,
  source: 'aws.tag',
  'detail-type': 'Tag Change on Resource',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0'],
  detail: { service: 'ec2', 'resource-type': 'instance', 'changed-tag-keys': ['incident-playbooks:enabled'] },
};

test.each([
  ['state', stateChange],
  ['tag', tagChange],
])('a %s change names its instance', (_kind, event) => {
  expect(instanceOf(enrolmentEventSchema.parse(event))).toBe('i-0123456789abcdef0');
});

test.each([
  ['another source', { ...stateChange, source: 'mine.ec2' }],
  ['no instance id', { ...stateChange, detail: { 'instance-id': 'i-x; rm', state: 'running' } }],
  ['another resource', { ...tagChange, resources: ['arn:aws:ec2:us-east-1:123456789012:volume/vol-1'] }],
  ['two resources', { ...tagChange, resources: [...tagChange.resources, ...tagChange.resources] }],
  ['another service', { ...tagChange, detail: { ...tagChange.detail, service: 'rds' } }],
])('an event with %s is refused', (_why, event) => {
  expect(enrolmentEventSchema.safeParse(event).success).toBe(false);
});
