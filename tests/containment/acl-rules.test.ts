import { freeNumber, isDenyOf, isFull, NetworkAclFullError } from '../../functions/containment/acl-rules';

const rule = (RuleNumber: number, Egress = false) => ({
  RuleNumber,
  Egress,
  Protocol: '6',
  RuleAction: 'allow' as const,
});

test('a deny comes before every rule of other people', () => {
  expect(freeNumber([rule(100)])).toBe(1);
  expect(freeNumber([rule(1), rule(2, true), rule(100)])).toBe(3);
});

test('a number is free only if both directions have it free', () => {
  expect(freeNumber([rule(1, true), rule(2, false)])).toBe(3);
});

test('without room before the rules of others there is no number', () => {
  const entries = Array.from({ length: 99 }, (_, index) => rule(index + 1));
  expect(freeNumber([...entries.slice(0, 98), rule(100)])).toBe(99);
  expect(() => freeNumber([...entries, rule(100)])).toThrow(
    new NetworkAclFullError('The network ACL has no free rule number ahead of its other rules.'),
  );
  expect(() => freeNumber(entries)).toThrow(NetworkAclFullError);
});

test('row 54: an ACL is full when one direction has twenty rules of a family, the default deny among them', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => rule(100 + index, true));
  const ipv6 = { ...rule(32_768, true), Ipv6CidrBlock: '::/0' };
  expect(isFull(twenty.slice(1), '198.51.100.0/24')).toBe(false);
  expect(isFull([...twenty.slice(1), ipv6], '198.51.100.0/24')).toBe(false);
  expect(isFull([...twenty.slice(1), rule(32_767, true)], '198.51.100.0/24')).toBe(true);
  expect(isFull(twenty, '198.51.100.0/24')).toBe(true);
  expect(isFull([...twenty, ipv6], '2001:db8::/48')).toBe(false);
});

test('an ACL is full in either direction, and each direction has twenty of its own', () => {
  const rules = (length: number, egress: boolean) => Array.from({ length }, (_, index) => rule(100 + index, egress));
  expect(isFull(rules(20, false), '198.51.100.0/24')).toBe(true);
  expect(isFull(rules(20, true), '198.51.100.0/24')).toBe(true);
  expect(isFull([...rules(19, true), ...rules(19, false)], '198.51.100.0/24')).toBe(false);
});

test('rules of IPv6 count for ranges of IPv6', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => ({ ...rule(100 + index), Ipv6CidrBlock: '::/0' }));
  expect(isFull(twenty, '2001:db8::/48')).toBe(true);
  expect(isFull(twenty, '198.51.100.0/24')).toBe(false);
});

test('only a deny of all protocols for that very range is the playbook’s', () => {
  const deny = {
    RuleNumber: 1,
    Egress: false,
    Protocol: '-1',
    RuleAction: 'deny' as const,
    CidrBlock: '198.51.100.0/24',
  };
  expect(isDenyOf('198.51.100.0/24', deny)).toBe(true);
  expect(isDenyOf('198.51.100.0/25', deny)).toBe(false);
  expect(isDenyOf('198.51.100.0/24', { ...deny, Protocol: '6' })).toBe(false);
  expect(isDenyOf('198.51.100.0/24', { ...deny, RuleAction: 'allow' })).toBe(false);
});
