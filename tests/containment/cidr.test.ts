import * as fc from 'fast-check';
import { NotACidrError, overlap, parseCidr, reservedName } from '../../functions/containment/cidr';

test.each([
  ['198.51.100.77/24', '198.51.100.0/24', 'IPv4'],
  ['198.51.100.77', '198.51.100.77/32', 'IPv4'],
  ['2001:DB8::1/64', '2001:db8::/64', 'IPv6'],
  ['::ffff:198.51.100.7', '198.51.100.7/32', 'IPv4'],
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
