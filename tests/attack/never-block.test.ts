import { answerIpRanges } from '../../drill/stack/ip-ranges';
import type { Stack } from '../../drill/stack/stack';
import { parseCidr, reservedName } from '../../functions/containment/cidr';
import { drill, effects, type Given, onlyIncident } from '../fixtures/drill';

const yes = { subject: 'block', answer: 'yes' } as const;
const block = (cidr: string, more: Given = {}): Given => ({
  playbook: 'block-traffic',
  fleet: [{}],
  starts: { by: 'manual', input: { cidr } },
  answers: [yes],
  ...more,
});
const partner = { id: 'pl-0a1b2c3d4e5f60009', name: 'partner', owner: '123456789012', entries: ['198.51.100.0/28'] };

test.each<[string, string, string, RegExp, (stack: Stack) => void]>([
  [
    'a VPN tunnel',
    '198.51.100.7',
    'own-range',
    /a VPN tunnel/,
    ({ cloud }) => cloud.ec2.network.tunnels.push('198.51.100.7'),
  ],
  [
    'a customer gateway',
    '198.51.100.0/24',
    'own-range',
    /a customer gateway/,
    ({ cloud }) => cloud.ec2.network.customerGateways.push('198.51.100.9'),
  ],
  [
    'a managed prefix list',
    '198.51.100.3',
    'own-range',
    /in the managed prefix list partner/,
    ({ cloud }) => cloud.ec2.network.prefixLists.push(partner),
  ],
])('%s is never blocked', async (_what, cidr, code, reason, prepare) => {
  const result = await drill(block(cidr), prepare);

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code, reason: expect.stringMatching(reason) });
  expect(effects(result, 'UpdateIPSet')).toBe(0);
  expect(result.notices).toHaveLength(1);
});

test.each<[string, string, string]>([
  ['a CIDR block', '198.51.100.0/24, 2a00:1450::/48', '198.51.100.77'],
  ['an IPv6 range', '198.51.100.0/24, 2a00:1450::/48', '2a00:1450::1'],
  ['an entry of a prefix list', partner.id, '198.51.100.3'],
])('%s on the never-block list of the stage is never blocked', async (_what, NEVER_BLOCK, cidr) => {
  const result = await drill(block(cidr, { variables: { NEVER_BLOCK } }), ({ cloud }) => {
    cloud.ec2.network.prefixLists.push(partner);
  });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED', code: 'never-block' });
  expect(effects(result, 'UpdateIPSet')).toBe(0);
});

test('a prefix list that somebody else shares decides nothing', async () => {
  const result = await drill(block('198.51.100.3'), ({ cloud }) => {
    cloud.ec2.network.prefixLists.push({ ...partner, owner: '210987654321' });
  });

  expect(onlyIncident(result).outcome).toBe('BLOCKED');
});

test('a never-block list that cannot be read blocks nothing', async () => {
  const result = await drill(block('198.51.100.3', { variables: { NEVER_BLOCK: partner.id } }));

  expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED' });
  expect(effects(result, 'UpdateIPSet')).toBe(0);
});

describe('a range of an AWS service', () => {
  const healthChecker = '54.228.16.5';

  test('is not blocked after one yes', async () => {
    const result = await drill(block(healthChecker));

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'no-answer' });
    expect(effects(result, 'UpdateIPSet')).toBe(0);
    expect(result.notices[0]?.message).toContain('route53-healthchecks');
  });

  test('is not blocked after two of the same person', async () => {
    const result = await drill(block(healthChecker, { answers: [yes, { ...yes, afterMinutes: 5 }] }));

    expect(onlyIncident(result).code).toBe('no-answer');
  });

  test('is blocked after a second person’s yes', async () => {
    const second = { ...yes, afterMinutes: 5, by: 'arn:aws:iam::123456789012:user/bob' };
    const result = await drill(block(healthChecker, { answers: [yes, second] }));

    expect(onlyIncident(result).outcome).toBe('BLOCKED');
  });

  test('that becomes one after the only yes is left alone', async () => {
    const result = await drill(block('198.51.100.3', { answers: [{ ...yes, afterMinutes: 5 }] }), ({ cloud }) => {
      setTimeout(() => cloud.ec2.network.prefixLists.push({ ...partner, owner: 'AWS' }), 4 * 60_000);
    });

    expect(onlyIncident(result).outcome).toBe('FAILED');
    expect(effects(result, 'UpdateIPSet')).toBe(0);
  });
});

test.each([
  ...['192.0.0.8', '192.31.196.1', '192.52.193.1', '192.88.99.1', '192.175.48.1', '198.18.0.1', '255.255.255.255'],
  ...['64:ff9b:1::1', '64:ff9b::1', '2001:0:53aa:64c::1', '2001:20::1', '2002::1', '100::1', '100:0:0:1::1'],
  ...['2620:4f:8000::1', '3fff::1', '5f00::1'],
])('%s is reserved', (text) => expect(reservedName(parseCidr(text))).toBeDefined());

test.each(['198.51.100.1', '203.0.113.1', '8.8.8.8', '2001:4860::1', '2a00:1450::1', '2600:1f18::1'])(
  '%s is not',
  (text) => expect(reservedName(parseCidr(text))).toBeUndefined(),
);

const withRanges = { IP_RANGES_URL: 'https://ip-ranges.amazonaws.com/ip-ranges.json' };
const request = ({ notices }: { notices: readonly { subject?: string | undefined; message: string }[] }) =>
  notices.find(({ subject }) => subject?.includes('Approve block?'))!.message;
const unread = /what may be an AWS service \(ip-ranges\.json could not be read: \w+\)/;

test.each<[string, string, RegExp]>([
  ['a Route 53 health checker', '54.183.255.130', /an AWS service \(ROUTE53_HEALTHCHECKS\)/],
  ['the same over IPv6', '2600:1f14:fff:f800::1', /an AWS service \(ROUTE53_HEALTHCHECKS\)/],
  ['a service that is in no prefix list', '3.5.140.9', /an AWS service \(S3\)/],
])('%s, as AWS publishes it, takes the yes of two people', async (_what, cidr, words) => {
  const one = await drill(block(cidr, { variables: withRanges }));
  const two = await drill(
    block(cidr, {
      variables: withRanges,
      answers: [yes, { ...yes, by: 'arn:aws:iam::123456789012:user/bob', afterMinutes: 3 }],
    }),
  );

  expect(request(one)).toMatch(words);
  expect(onlyIncident(one).outcome).not.toBe('BLOCKED');
  expect(effects(one, 'UpdateIPSet')).toBe(0);
  expect(onlyIncident(two).outcome).toBe('BLOCKED');
});

test.each(['52.95.245.7', '198.51.100.7'])('%s takes one: an instance of somebody, or nothing of AWS', async (cidr) => {
  const result = await drill(block(cidr, { variables: withRanges }));

  expect(request(result)).not.toMatch(/AWS service/);
  expect(onlyIncident(result).outcome).toBe('BLOCKED');
});

test.each<[string, () => Promise<string>]>([
  ['nobody answers', () => Promise.reject(new TypeError('fetch failed'))],
  ['the answer is not JSON', async () => '<html>busy</html>'],
  ['the answer is another document', async () => '{"prefixes":[]}'],
  [
    'a range in it is none',
    async () => JSON.stringify({ prefixes: [{ ip_prefix: 'all', service: 'S3' }], ipv6_prefixes: [] }),
  ],
])('where the ranges cannot be read, every range takes the yes of two people: %s', async (_what, read) => {
  let undo: (() => void) | undefined;
  const up = () => {
    undo = answerIpRanges(read);
  };
  const result = await drill(block('198.51.100.7', { variables: withRanges }), up).finally(() => undo?.());

  expect(request(result)).toMatch(unread);
  expect(onlyIncident(result).outcome).not.toBe('BLOCKED');
  expect(effects(result, 'UpdateIPSet')).toBe(0);
});
