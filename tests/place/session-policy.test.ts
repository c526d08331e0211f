import { capabilities } from '../../functions/place/capabilities';
import { longestPolicy, SessionPolicyError, sessionPolicyOf } from '../../functions/place/session-policy';

const place = { account: '444455556666', region: 'ap-southeast-2' };
const instanceId = 'i-0123456789abcdef0';

interface Statement {
  Effect: string;
  Action: string[];
  Resource: string | string[];
}
const statements = (text = '') => (JSON.parse(text) as { Statement: Statement[] }).Statement;
const acting = ['power', 'contain', 'patch'] as const;

test.each(capabilities)(
  'the policy of a session for %s is no longer than STS takes, wherever it acts',
  (capability) => {
    const regions = ['ap-southeast-2', 'us-gov-west-1', 'cn-northwest-1'];
    const lengths = regions.map((region) => sessionPolicyOf(capability, { ...place, region }, instanceId)?.length ?? 0);

    expect(Math.max(...lengths)).toBeLessThanOrEqual(longestPolicy);
  },
);

test.each(acting)('a session for %s acts on the one instance of the one place, and on no other', (capability) => {
  const resources = statements(sessionPolicyOf(capability, place, instanceId)).flatMap(({ Resource }) => Resource);
  const instances = resources.filter((arn) => arn.includes(':instance/'));

  expect(instances).toEqual([`arn:aws:ec2:ap-southeast-2:444455556666:instance/${instanceId}`]);
});

test.each(acting)('a session for %s is refused without one instance', (capability) => {
  for (const wrong of [undefined, '', '*', 'i-*', 'i-0123', `${instanceId}*`])
    expect(() => sessionPolicyOf(capability, place, wrong)).toThrow(SessionPolicyError);
});

test('on every resource a session only reads', () => {
  const all = [...acting, 'alarms' as const].flatMap((one) => statements(sessionPolicyOf(one, place, instanceId)));
  const everywhere = all.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);

  expect(everywhere.filter((action) => !/^\w+:(Describe|List)\w*\*?$/.test(action))).toEqual([]);
  expect(everywhere).not.toContain('ec2:DescribeInstanceAttribute');
});

test('the alarms of one instance are changed in its own session, and those of all only in a session for none', () => {
  const resources = (id?: string) =>
    statements(sessionPolicyOf('alarms', place, id)).flatMap(({ Resource }) => Resource);

  expect(resources(instanceId)).toContain(`arn:aws:cloudwatch:ap-southeast-2:444455556666:alarm:*-${instanceId}`);
  expect(resources()).toContain('arn:aws:cloudwatch:ap-southeast-2:444455556666:alarm:*-i-*');
});

test('a session that reads is narrowed by its role alone', () => {
  expect(sessionPolicyOf('read', place, instanceId)).toBeUndefined();
});

test.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('in %s every ARN of a policy is of the partition %s', (region, partition) => {
  const all = [...acting, 'alarms' as const].flatMap((one) =>
    statements(sessionPolicyOf(one, { ...place, region }, instanceId)),
  );
  const arns = all.flatMap(({ Resource }) => Resource).filter((one) => one !== '*');

  expect(arns.filter((arn) => !arn.startsWith(`arn:${partition}:`))).toEqual([]);
  expect(arns.length).toBeGreaterThan(15);
});
