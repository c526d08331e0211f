import type { DrillResult } from '../../drill/scenario/result';
import type { Stack } from '../../drill/stack/stack';
import { drill, effects, type Given, instanceId, onlyIncident } from '../fixtures/drill';

const enrolled = { Name: 'web-1', 'incident-playbooks:enabled': 'true' };
const groups = { first: 'sg-0a1b2c3d4e5f60718', second: 'sg-0a1b2c3d4e5f60719' };
const given: Given = {
  playbook: 'isolate-instance',
  fleet: [
    {
      instanceId,
      tags: enrolled,
      networkInterfaces: [{ securityGroups: [groups.first] }, { securityGroups: [groups.second] }],
      iamInstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/web',
    },
  ],
  starts: { by: 'manual' },
  answers: [
    { subject: 'isolate', answer: 'yes' },
    { subject: 'revoke-sessions', answer: 'yes' },
  ],
  lastsMinutes: 60,
};

/** How each interface was left: its own groups, none that lets anything through, or one that lets everything through. */
async function run(change: Given): Promise<{ result: DrillResult; left: string[] }> {
  let stack: Stack | undefined;
  const result = await drill({ ...given, ...change }, (up) => {
    stack = up;
  });
  const { interfaces } = stack!.cloud.ec2.find(instanceId)!;
  const own = Object.values(groups) as string[];
  const left = interfaces.map(({ securityGroups: [id = ''] }) => {
    if (own.includes(id)) return 'as before';
    const { ingress, egress } = stack!.cloud.ec2.groups.require(id);
    return ingress.length + egress.length === 0 ? 'cut' : 'open';
  });
  return { result, left: left.sort() };
}

const pages = ({ notices }: DrillResult) =>
  notices.filter(({ subject, message }) => !subject?.includes('Approve') && /Severity: page/.test(message));

describe('what stops an isolation once its first interface is open leaves nothing open, changes nothing else, and pages', () => {
  test.each<[string, Given]>([
    ['the protected tag', { faults: [{ name: 'protected-mid-run', after: 'ModifyNetworkInterfaceAttribute' }] }],
    ['the loss of the opt-in', { faults: [{ name: 'opt-in-removed', after: 'ModifyNetworkInterfaceAttribute' }] }],
    [
      'the kill switch',
      {
        account: {
          killSwitch: { by: 'stranger', reason: 'x', afterCommand: 'ModifyNetworkInterfaceAttribute' },
        },
      },
    ],
  ])('%s', async (_what, change) => {
    const { result, left } = await run(change);

    expect(onlyIncident(result)).toMatchObject({
      outcome: 'PARTIAL',
      reason: expect.stringMatching(/is not cut off.*instance profile is not replaced/),
    });
    expect(result.executions[0]?.status).toBe('FAILED');
    expect(left).toEqual(['as before', 'cut']);
    expect(pages(result)).toHaveLength(1);
    expect(effects(result, 'ReplaceIamInstanceProfileAssociation')).toBe(0);
    expect(effects(result, 'PutRolePolicy')).toBe(0);
  });
});

describe('a release, a second isolation, a patch and restarts while an isolation waits and works', () => {
  const crowded: Given = {
    fleet: [{ ...given.fleet![0], symptoms: [{ metricName: 'CPUUtilization', value: 99, heals: 'never' }] }],
    account: { managed: true },
    faults: [
      { name: 'crash-after-call', command: 'ModifyNetworkInterfaceAttribute', n: 1 },
      { name: 'late-answer', command: 'CreateSnapshots', seconds: 50 },
      { name: 'stale-describe', reads: 3 },
    ],
    answers: [
      { subject: 'isolate', answer: 'yes', afterMinutes: 3 },
      { subject: 'revoke-sessions', answer: 'no', afterMinutes: 20 },
    ],
    follows: [
      { playbook: 'release-instance', afterMinutes: 2, input: { isolatedBy: '{incident}' } },
      { playbook: 'release-instance', afterMinutes: 4, input: { isolatedBy: '{incident}' } },
      { playbook: 'isolate-instance', afterMinutes: 4.5, input: { instanceId } },
      {
        playbook: 'patch-instance',
        afterMinutes: 5,
        input: { instanceId, operation: 'install', reboot: 'RebootIfNeeded' },
      },
      { playbook: 'restart-instance', afterMinutes: 6, input: { instanceId } },
    ],
    lastsMinutes: 90,
  };

  test('do nothing to it: it ends contained, and each of the others is told why it did not act', async () => {
    const { result, left } = await run(crowded);
    const ends = result.items
      .filter(({ sk }) => sk === 'RECORD')
      .map(({ playbook, outcome, code }) => [playbook, outcome, code].join(' '));

    expect(ends.sort()).toEqual([
      'isolate-instance CONTAINED isolated',
      'isolate-instance SKIPPED joined',
      'patch-instance SKIPPED quarantined',
      'release-instance FAILED isolation-under-way',
      'release-instance FAILED isolation-under-way',
      'restart-instance SKIPPED joined',
      'restart-instance SKIPPED joined',
    ]);
    expect(left).toEqual(['cut', 'cut']);
    expect(['StopInstances', 'RebootInstances', 'SendCommand'].map((command) => effects(result, command))).toEqual([
      0, 0, 0,
    ]);
  });

  test('are seven executions: the one, the five that people start, and that of the alarm of its own CPU', async () => {
    // The CPU is high from the start: after three periods of five minutes the alarm starts a restart by itself.
    const { result } = await run(crowded);
    const records = result.items.filter(({ sk }) => sk === 'RECORD');

    expect(result.executions).toHaveLength(7);
    expect(records).toHaveLength(7);
    expect(records.filter(({ alarmName }) => alarmName !== undefined)).toHaveLength(1);
  });
});
