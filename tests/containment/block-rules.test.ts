import { awsServiceOf, refuseBlock } from '../../functions/containment/block-rules';
import { parseCidr } from '../../functions/containment/cidr';

const widest = { ipv4: 24, ipv6: 48 };
const own = [
  { what: 'EC2 in us-east-1', cidr: '198.51.100.0/24', kind: 'aws' as const },
  { what: 'a VPC', cidr: '203.0.113.0/28' },
  { what: "on the stage's never-block list", cidr: '203.0.113.16/28', kind: 'never' as const },
];
const refused = (cidr: string, ranges: Parameters<typeof refuseBlock>[1] = own) =>
  refuseBlock(parseCidr(cidr), ranges, widest);

test.each([
  ['203.0.112.0/23', 'too-wide', 'The range 203.0.112.0/23 is wider than /24, the widest that this stage blocks.'],
  ['2001:db8::/47', 'too-wide', 'The range 2001:db8::/47 is wider than /48, the widest that this stage blocks.'],
  ['10.1.2.3', 'reserved-range', 'The range 10.1.2.3/32 overlaps a range that is private.'],
  ['203.0.113.15', 'own-range', 'The range 203.0.113.15/32 overlaps 203.0.113.0/28, which is a VPC.'],
  ['203.0.113.0/24', 'own-range', 'The range 203.0.113.0/24 overlaps 203.0.113.0/28, which is a VPC.'],
  [
    '203.0.113.16',
    'never-block',
    "The range 203.0.113.16/32 overlaps 203.0.113.16/28, which is on the stage's never-block list.",
  ],
])('%s is refused with %s', (cidr, code, reason) => {
  expect(refused(cidr)).toEqual({ code, reason });
});

test.each(['203.0.113.32', '203.0.114.0/24', '2001:db8:1::/48', '198.51.100.7'])('%s may be blocked', (cidr) => {
  expect(refused(cidr)).toBeUndefined();
});

test.each([
  ['198.51.100.7', 'EC2 in us-east-1'],
  ['203.0.113.1', undefined],
  ['203.0.114.1', undefined],
])('%s belongs to the AWS service: %s', (cidr, service) => {
  expect(awsServiceOf(parseCidr(cidr), own)).toBe(service);
});
