import type { DrillResult } from '../../drill/scenario/result';
import { drill, effects, type Given, instanceId } from '../fixtures/drill';
import { findingEvent } from '../fixtures/finding';

const enrolled = { 'incident-playbooks:enabled': 'true' };
type Change = NonNullable<Parameters<typeof findingEvent>[0]>;

const seen = (changes: Change[], more: Given = {}): Given => ({
  fleet: [{ instanceId, tags: enrolled }],
  starts: { by: 'event', events: changes.map((change, n) => findingEvent({ n, ...change })) },
  answers: [{ subject: 'isolate', answer: 'yes' }],
  lastsMinutes: 10,
  ...more,
});
const inContainer = { resource: { resourceType: 'EKSCluster', instanceDetails: { instanceId } } };
const sequence = (...ids: string[]) => ({
  resource: { resourceType: 'AttackSequence' },
  service: {
    archived: false,
    detection: {
      sequence: {
        resources: [
          { resourceType: 'ACCESS_KEY', uid: 'AKIAIOSFODNN7EXAMPLE' },
          ...ids.map((id) => ({
            resourceType: 'EC2_INSTANCE',
            uid: `arn:aws:ec2:us-east-1:123456789012:instance/${id}`,
          })),
        ],
      },
    },
  },
});

test.each<[string, Change]>([
  ['of Runtime Monitoring', { type: 'Backdoor:Runtime/C&CActivity.B' }],
  ['of Runtime Monitoring without a role', { type: 'Execution:Runtime/ReverseShell', detail: {} }],
  [
    'about a container on the instance',
    { type: 'PrivilegeEscalation:Runtime/RuncContainerEscape', detail: inContainer },
  ],
  ['about a Tor relay', { type: 'UnauthorizedAccess:EC2/TorRelay' }],
  ['about passwords that the instance guesses', { type: 'UnauthorizedAccess:EC2/RDPBruteForce', role: 'ACTOR' }],
  [
    'about an attack sequence through one instance',
    { type: 'AttackSequence:EC2/CompromisedInstanceGroup', severity: 9.5, detail: sequence(instanceId) },
  ],
])('a finding %s isolates the instance', async (_what, change) => {
  const result = await drill(seen([change]));

  expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['CONTAINED']);
  expect(effects(result, 'ModifyNetworkInterfaceAttribute')).toBeGreaterThan(0);
});

test('an attack sequence through several instances is escalated, and names each', async () => {
  const other = 'i-0fedcba9876543210';
  const change = { type: 'AttackSequence:EC2/CompromisedInstanceGroup', detail: sequence(instanceId, other) };
  const result = await drill(seen([change]));

  expect(result.incidents).toMatchObject([{ outcome: 'ESCALATED', code: 'several-instances' }]);
  expect(result.notices[0]?.message).toContain(`${instanceId}, ${other}`);
});

const severities = ({ notices }: DrillResult) => notices.map(({ message }) => /Severity: (\w+)/.exec(message)?.[1]);

test.each<[string, Change, string, string]>([
  ['a type of tomorrow', { type: 'Newcomer:EC2/Thing' }, 'ESCALATED', 'page'],
  ['unusual traffic', { type: 'Behavior:EC2/TrafficVolumeUnusual', severity: 5 }, 'SUSPECTED', 'look'],
  ['one that is less severe than the stage wants', { severity: 2 }, 'SKIPPED', 'info'],
  [
    'guessed passwords without a role',
    { type: 'UnauthorizedAccess:EC2/SSHBruteForce', detail: { service: { archived: false } } },
    'ESCALATED',
    'page',
  ],
])('%s starts nothing and is told', async (_what, change, outcome, severity) => {
  const result = await drill(seen([change]));

  expect(result.executions).toEqual([]);
  expect(result.incidents).toMatchObject([{ outcome, instanceId: outcome ? result.incidents[0]?.instanceId : '' }]);
  expect(severities(result)).toEqual([severity]);
  expect(result.notices[0]?.message).toContain('Finding: arn:aws:guardduty:');
  expect(result.notices[0]?.message).not.toContain('get-execution-history');
});

test('one delivered twice is one incident and one notice', async () => {
  const result = await drill(seen([{ type: 'Newcomer:EC2/Thing' }], { delivery: { copies: 3 } }));

  expect(result.incidents).toHaveLength(1);
  expect(result.notices).toHaveLength(1);
});

test('the same type about the same instance is told once an hour, another type at once', async () => {
  const changes = [1, 2, 3].map(() => ({ type: 'Newcomer:EC2/Thing' }));
  const result = await drill(seen([...changes, { type: 'Newcomer:EC2/Other' }]));

  expect(result.incidents).toHaveLength(4);
  expect(result.notices).toHaveLength(2);
});

test('findings in masses about many instances are one storm', async () => {
  const changes = Array.from({ length: 40 }, (_, n) => ({
    type: 'Newcomer:EC2/Thing',
    instance: `i-${String(n).padStart(17, '0')}`,
  }));
  const result = await drill(seen(changes));

  expect(result.incidents.filter(({ code }) => code === 'not-handled')).toHaveLength(8);
  expect(result.notices).toHaveLength(9);
  expect(
    result.notices.filter(({ message }) => message.includes('More than 8 findings that no playbook handles')),
  ).toHaveLength(1);
});

test('a sample finding is recorded as one, and pages nobody', async () => {
  const service = { archived: false, additionalInfo: { sample: true } };
  const result = await drill(seen([{ type: 'Newcomer:EC2/Thing', detail: { service } }]));

  expect(result.incidents).toMatchObject([{ outcome: 'SKIPPED', code: 'sample-finding' }]);
  expect(severities(result)).toEqual(['info']);
});
