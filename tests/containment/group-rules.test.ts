import { isClosed, isOpen, missingForOpen } from '../../functions/containment/group-rules';

const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }];

test('a group is open only when it allows all traffic both ways, IPv4 and IPv6', () => {
  expect(isOpen({ IpPermissions: all, IpPermissionsEgress: all })).toBe(true);
  expect(isOpen({ IpPermissions: all, IpPermissionsEgress: [] })).toBe(false);
  expect(isOpen({ IpPermissions: [{ ...all[0]!, Ipv6Ranges: [] }], IpPermissionsEgress: all })).toBe(false);
  expect(isOpen({ IpPermissions: [{ ...all[0]!, IpProtocol: 'tcp' }], IpPermissionsEgress: all })).toBe(false);
});

test('a group with an egress rule for IPv6 alone is not closed', () => {
  expect(isClosed({ IpPermissionsEgress: [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] })).toBe(false);
  expect(isClosed({ IpPermissions: [], IpPermissionsEgress: [] })).toBe(true);
});

test('what is missing for an open group is named family by family', () => {
  expect(missingForOpen([{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }])).toEqual([
    { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  ]);
});

test.each([
  ['IPv4', { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
  ['IPv6', { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }] }],
])('a rule for a part of %s does not make a group open; the missing rule is for all of it', (family, rule) => {
  expect(isOpen({ IpPermissions: [rule], IpPermissionsEgress: all })).toBe(false);
  expect(missingForOpen([rule])).toEqual([
    family === 'IPv4'
      ? { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
      : { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  ]);
});

test('a rule among others, and a range among others, opens a group', () => {
  const some = { CidrIp: '10.0.0.0/8' };
  const mixed = [
    { IpProtocol: 'tcp', IpRanges: [some] },
    { IpProtocol: '-1', IpRanges: [some, { CidrIp: '0.0.0.0/0' }] },
    { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: 'fe80::/10' }, { CidrIpv6: '::/0' }] },
  ];
  expect(isOpen({ IpPermissions: mixed, IpPermissionsEgress: all })).toBe(true);
});

test('a group of which EC2 shows no rules has none', () => {
  expect(isClosed({})).toBe(true);
  expect(isOpen({})).toBe(false);
  expect(isClosed({ IpPermissions: all })).toBe(false);
  expect(missingForOpen()).toEqual([
    { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  ]);
});
