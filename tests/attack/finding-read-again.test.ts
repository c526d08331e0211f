import type { DrillResult } from '../../drill/scenario/result';
import { drill, effects, type Given, instanceId, onlyIncident } from '../fixtures/drill';
import { findingEvent } from '../fixtures/finding';

const spoke = '210987654321';
const fleet: Given['fleet'] = [{ instanceId, tags: { 'incident-playbooks:enabled': 'true' } }];
const isolate: Given = {
  playbook: 'isolate-instance',
  fleet,
  starts: { by: 'event', events: [findingEvent()] },
  answers: [{ subject: 'isolate', answer: 'yes' }],
};
const block: Given = {
  playbook: 'block-traffic',
  fleet,
  starts: {
    by: 'event',
    events: [findingEvent({ type: 'UnauthorizedAccess:EC2/SSHBruteForce', severity: 2, role: 'TARGET' })],
  },
  answers: [{ subject: 'block', answer: 'yes' }],
};
const otherwise = (change: Record<string, unknown>): Given => ({
  faults: [{ name: 'finding-otherwise', ...change }],
});

const pages = ({ notices }: DrillResult) => notices.filter(({ message }) => /Severity: page/.test(message));
const changes = ({ ledger }: DrillResult) =>
  ledger.filter(({ service, mutating }) => mutating && (service === 'ec2' || service === 'wafv2'));

test.each<[string, Given, Given, string, RegExp]>([
  ['that it does not have', isolate, otherwise({ known: false }), 'finding-not-found', /does not have the finding/],
  [
    'since it is off',
    isolate,
    { faults: [{ name: 'guardduty-off' }] },
    'finding-not-found',
    /does not have the finding/,
  ],
  [
    'about another instance',
    isolate,
    otherwise({ instanceId: 'i-0fedcba9876543210' }),
    'finding-contradicted',
    /names i-0fedcba9876543210, not i-0123456789abcdef0/,
  ],
  ['that is a sample', isolate, otherwise({ sample: true }), 'finding-contradicted', /it is a sample/],
  ['about another address', block, otherwise({ address: '192.0.2.9' }), 'finding-contradicted', /198\.51\.100\.23/],
  [
    'that someone has archived since',
    block,
    otherwise({ archived: true }),
    'finding-archived-since',
    /archived the finding/,
  ],
])(
  'nothing is contained for a finding of GuardDuty %s, and it is never green',
  async (_what, given, change, code, why) => {
    const result = await drill({ ...given, ...change });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code, reason: expect.stringMatching(why) });
    expect(result.executions.map(({ status }) => status)).toEqual(['FAILED']);
    expect(pages(result)).toHaveLength(1);
    expect(changes(result)).toEqual([]);
  },
);

test('a finding that cannot be read again is not acted on, and pages', async () => {
  const result = await drill({ ...isolate, faults: [{ name: 'api-denied', service: 'guardduty' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'FAILED', code: 'not-authorized' });
  expect(pages(result)).toHaveLength(1);
  expect(changes(result)).toEqual([]);
});

test('a person’s request asks GuardDuty nothing', async () => {
  const result = await drill({ ...isolate, starts: { by: 'manual' } });

  expect(onlyIncident(result).outcome).toBe('CONTAINED');
  expect(result.ledger.filter(({ service }) => service === 'guardduty')).toEqual([]);
});

describe('a finding of another account', () => {
  const event = findingEvent({
    detail: {
      accountId: spoke,
      arn: `arn:aws:guardduty:us-east-1:${spoke}:detector/d/finding/1`,
    },
  });
  const inSpoke = (faults: { name: string }[], from = spoke): Given => ({
    ...isolate,
    places: [{ account: spoke, fleet, faults }],
    starts: { by: 'event', events: [{ ...event, account: from }], ...(from === spoke ? { account: spoke } : {}) },
  });
  const asked = ({ ledger }: DrillResult) =>
    ledger
      .filter(({ command }) => command === 'GetFindings')
      .map(({ account, session }) => [account, session?.roleName]);

  test('is read again there, with the role for reading, and isolated; also from the copy of an administrator', async () => {
    const result = await drill(inSpoke([], '123456789012'));

    expect(onlyIncident(result).outcome).toBe('CONTAINED');
    expect(asked(result)).toEqual([[spoke, 'incident-playbooks-dev-spoke-read']]);
    expect(effects(result, 'ModifyNetworkInterfaceAttribute')).toBeGreaterThan(0);
  });

  test('that GuardDuty there does not have is refused, and changes nothing in either account', async () => {
    const result = await drill(inSpoke([{ name: 'finding-otherwise', known: false } as never]));

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'finding-not-found' });
    expect(onlyIncident(result).reason).toContain(`account ${spoke}`);
    expect(changes(result)).toEqual([]);
  });
});
