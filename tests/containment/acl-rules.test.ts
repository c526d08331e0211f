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

test('without room before the rules of others there is no number', () => {
  const entries = Array.from({ length: 99 }, (_, index) => rule(index + 1));
  expect(() => freeNumber([...entries, rule(100)])).toThrow(NetworkAclFullError);
});

test('an ACL is full when one direction has twenty rules, the default one aside', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => rule(100 + index, true));
  expect(isFull(twenty.slice(1))).toBe(false);
  expect(isFull([...twenty.slice(1), rule(32_767, true)])).toBe(false);
  expect(isFull(twenty)).toBe(true);
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
