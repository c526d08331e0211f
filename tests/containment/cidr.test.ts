import * as fc from 'fast-check';
import { NotACidrError, overlap, parseCidr, reservedName } from '../../functions/containment/cidr';

test.each([
  ['198.51.100.77/24', '198.51.100.0/24', 'IPv4'],
  ['198.51.100.77', '198.51.100.77/32', 'IPv4'],
  ['2001:DB8::1/64', '2001:db8::/64', 'IPv6'],
  ['::ffff:198.51.100.7', '198.51.100.7/32', 'IPv4'],
  ['::ffff:198.51.100.7/96', '0.0.0.0/0', 'IPv4'],
  ['::ffff:198.51.100.7/95', '::fffe:0:0/95', 'IPv6'],
])('%s is read as %s', (text, canonical, family) => {
  expect(parseCidr(text)).toMatchObject({ text: canonical, family });
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4/33',
  '1.2.3.4/-1',
  '1.2.3.4/24/1',
  '010.0.0.1',
  '0x7f.1',
  'fe80::1%eth0',
  '2001:db8::/129',
  '1.2.3.4/ 8',
  '1.2.3.4/8x',
])('%p is neither an address nor a CIDR', (text) => {
  expect(() => parseCidr(text)).toThrow(NotACidrError);
});

test.each([
  ['10.255.0.0/16', 'private'],
  ['9.0.0.0/7', undefined],
  ['8.0.0.0/6', 'private'],
  ['fd00:ec2::254', 'private'],
  ['169.254.169.254', 'link-local'],
  ['8.8.8.8', undefined],
])('%s touches a range that is %s', (text, name) => {
  expect(reservedName(parseCidr(text))).toBe(name);
});

test('a range overlaps every address in it, and the other way round', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 1, max: 32 }), (address, prefix) => {
      const one = parseCidr(`${address}/${prefix}`);
      const other = parseCidr(address);
      expect(overlap(one, other)).toBe(true);
      expect(overlap(other, one)).toBe(true);
    }),
  );
});

test('addresses of the two families never overlap', () => {
  expect(overlap(parseCidr('0.0.0.0/0'), parseCidr('::/0'))).toBe(false);
});

test.each([
  ['1.2.3', 'The input is neither an IP address nor a CIDR block.'],
  ['1.2.3.4/33', 'The prefix length 33 is longer than the address.'],
])('a person is told what is wrong with %s', (text, message) => {
  expect(() => parseCidr(text)).toThrow(message);
});
