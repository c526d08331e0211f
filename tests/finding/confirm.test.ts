import { confirmFinding, type FindingNow } from '../../functions/finding/confirm';
import type { Finding } from '../../functions/finding/finding';

const finding: Finding = {
  findingArn: 'arn:aws:guardduty:us-east-1:123456789012:detector/d/finding/f',
  type: 'Backdoor:EC2/C&CActivity.B',
  title: 'x',
  severity: 8,
  account: '123456789012',
  region: 'us-east-1',
  updatedAt: '2026-03-02T08:58:00.000Z',
  instanceId: 'i-0123456789abcdef0',
  remoteAddresses: ['198.51.100.23'],
};
const now: FindingNow = {
  account: finding.account,
  region: finding.region,
  type: finding.type,
  severity: 8,
  updatedAt: '2026-03-02T08:58:00Z',
  archived: false,
  sample: false,
  instanceIds: ['i-0123456789abcdef0'],
  remoteAddresses: ['198.51.100.23', '198.51.100.24'],
};
const codeOf = (change: Partial<FindingNow>, of: Partial<Finding> = {}) =>
  confirmFinding({ ...finding, ...of }, { ...now, ...change }).conclusion?.code;

test('a finding that GuardDuty has as its event says is confirmed', () => {
  expect(confirmFinding(finding, now)).toEqual({ verdict: 'FINDING' });
});

test.each<[string, Partial<FindingNow>]>([
  ['account', { account: '210987654321' }],
  ['region', { region: 'eu-west-1' }],
  ['type', { type: 'Recon:EC2/Portscan' }],
  ['instance', { instanceIds: ['i-0fedcba9876543210'] }],
  ['number of instances', { instanceIds: ['i-0123456789abcdef0', 'i-0fedcba9876543210'] }],
  ['lack of an instance', { instanceIds: [] }],
  ['being a sample', { sample: true }],
])('another %s is a contradiction, also after an update', (_what, change) => {
  expect(codeOf(change)).toBe('finding-contradicted');
  expect(codeOf({ ...change, updatedAt: '2026-03-02T09:30:00Z' })).toBe('finding-contradicted');
});

test.each<[string, Partial<FindingNow>]>([
  ['a lower severity', { severity: 2 }],
  ['another address', { remoteAddresses: ['192.0.2.9'] }],
])('%s is a contradiction until there is an update', (_what, change) => {
  expect(codeOf(change)).toBe('finding-contradicted');
  expect(codeOf({ ...change, updatedAt: '2026-03-02T09:30:00Z' })).toBeUndefined();
});

test('a finding about no certain instance is not compared by it', () => {
  const { instanceId: _none, ...without } = finding;

  expect(confirmFinding(without, { ...now, instanceIds: ['i-a', 'i-b'] }).verdict).toBe('FINDING');
});

test('one that is not there, or archived since, is refused', () => {
  expect(confirmFinding(finding, undefined)).toMatchObject({
    verdict: 'NOT_CONFIRMED',
    conclusion: { code: 'finding-not-found' },
  });
  expect(codeOf({ archived: true })).toBe('finding-archived-since');
});
