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
