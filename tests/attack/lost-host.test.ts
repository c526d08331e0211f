import type { DrillResult } from '../../drill/scenario/result';
import type { Stack } from '../../drill/stack/stack';
import { later } from '../../drill/time/later';
import { drill, effects, type Given, instanceId, onlyIncident } from '../fixtures/drill';

const yes = { subject: 'isolate', answer: 'yes' } as const;
const revoke = { subject: 'revoke-sessions', answer: 'yes' } as const;
const release = { subject: 'release', answer: 'yes' } as const;

/** A member of an Auto Scaling group with a profile: every state of the machine has something to do. */
const isolated: Given = {
  playbook: 'isolate-instance',
  fleet: [
    {
      instanceId,
      networkInterfaces: [{}, {}],
      iamInstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/web',
      autoScalingGroupName: 'web',
    },
    { autoScalingGroupName: 'web' },
  ],
  starts: { by: 'manual' },
  answers: [yes, revoke, release],
};

type Attack = 'terminated' | 'stopped' | 'stopped and started' | 'scaled in';

const attacks: Record<Attack, (stack: Stack) => void> = {
  terminated: ({ cloud }) => cloud.ec2.lifecycle.terminate(cloud.ec2.find(instanceId)!),
  stopped: ({ cloud }) => cloud.ec2.lifecycle.stop(cloud.ec2.find(instanceId)!, { force: false }),
  'stopped and started': (stack) => {
    attacks.stopped(stack);
    later(180_000, () => stack.cloud.ec2.lifecycle.start(stack.cloud.ec2.find(instanceId)!));
  },
  'scaled in': ({ cloud }) => {
    for (const id of cloud.autoScaling.scaleIn()) cloud.ec2.lifecycle.terminate(cloud.ec2.find(id)!);
  },
};

/** Attacks once, some seconds after a state is entered for the first time. */
async function attackIn(state: string, attack: Attack, given: Given = {}, seconds = 0) {
  let stack: Stack | undefined;
  let at: number | undefined;
  const result = await drill({ ...isolated, ...given }, (up) => (stack = up), {
    onEvent: (_execution, event) => {
      if (event.type !== 'StateEntered' || event.state !== state || at !== undefined) return;
      at = event.at + seconds * 1000;
      const hit = () => attacks[attack](stack!);
      if (seconds === 0) hit();
      else later(seconds * 1000, hit);
    },
  });
  if (at === undefined) throw new Error(`the state ${state} was never entered`);
  return { result, at };
}

/** The first page about the loss: that of the moment, or the end itself where that comes sooner. */
const told = ({ notices }: DrillResult, word: string) =>
  notices.find(({ message }) => /Severity: page/.test(message) && new RegExp(`(was|is) ${word}`, 'i').test(message));

const states = [
  'Ask for approval',
  'Is it approved?',
  'Take snapshots',
  'Save evidence',
  'Mark instance',
  'Protect from scale-in',
  'Protect instance',
  'Leave service',
  'Prepare quarantine',
  'Untrack flows',
  'Cut flows',
  'Swap profile',
  'Ask to revoke sessions',
  'Revoke sessions',
  'Watch snapshots',
  'Watch service',
  'Survey again',
  'Lock evidence',
  'Judge isolation',
];

describe('a host that is terminated while it is being isolated is paged at once, and ends red', () => {
  test.each(states)('in the state %s', async (state) => {
    const { result, at } = await attackIn(state, 'terminated');

    expect(told(result, 'TERMINATED')!.at - at).toBeLessThan(60_000);
    expect(onlyIncident(result)).toMatchObject({
      outcome: 'ESCALATED',
      reason: expect.stringMatching(/was terminated/),
    });
    expect(result.executions[0]?.status).toBe('FAILED');
  });
});

/** Auto Scaling replaces a member that does not run, and so terminates it too. */
const alone: Given['fleet'] = [
  { instanceId, networkInterfaces: [{}, {}], iamInstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/web' },
];

describe('a host that is stopped while it is being isolated is paged at once, and ends red', () => {
  test.each(states)('in the state %s', async (state) => {
    const { result, at } = await attackIn(state, 'stopped', { fleet: alone });

    expect(told(result, 'STOPPED')!.at - at).toBeLessThan(60_000);
    expect(onlyIncident(result).reason).toMatch(/was stopped during its isolation|was stopped while its isolation/);
    expect(result.executions[0]?.status).toBe('FAILED');
    expect(effects(result, 'StartInstances')).toBe(0);
  });
});

describe('a host that is lost while a person is asked', () => {
  test.each<[string, Given['answers']]>([
    ['and who says no', [{ ...yes, answer: 'no', afterMinutes: 10 }]],
    ['and who says nothing', []],
    ['and who says yes', [{ ...yes, afterMinutes: 10 }, revoke]],
  ])('%s', async (_what, answers) => {
    for (const [attack, word] of [
      ['terminated', 'TERMINATED'],
      ['stopped', 'STOPPED'],
      ['scaled in', 'TERMINATED'],
    ] as const) {
      const fleet = attack === 'stopped' ? alone : isolated.fleet;
      const { result, at } = await attackIn('Ask for approval', attack, { answers, fleet }, 120);

      expect(told(result, word)!.at - at).toBeLessThan(60_000);
      expect(onlyIncident(result).reason).toContain(`was ${word.toLowerCase()}`);
      expect(result.executions[0]?.status).toBe('FAILED');
    }
  });
});

test('a stop and start in between, whose events are lost, shows in the launch time', async () => {
  const { result } = await attackIn('Ask for approval', 'stopped and started', {
    fleet: alone,
    answers: [{ ...yes, afterMinutes: 10 }, revoke],
    delivery: { deniedRules: ['LostHostRule'] },
  });

  expect(result.instances[0]?.state).toBe('running');
  expect(onlyIncident(result)).toMatchObject({ outcome: 'PARTIAL', reason: expect.stringContaining('its memory') });
});

describe('scale-in', () => {
  test.each(states.slice(states.indexOf('Protect instance')))('takes no host in the state %s', async (state) => {
    const { result } = await attackIn(state, 'scaled in');

    expect(onlyIncident(result).outcome).toBe('CONTAINED');
    expect(result.instances[0]?.state).toBe('running');
  });

  test('takes no host that cannot go to Standby for the minimum of its group', async () => {
    const { result } = await attackIn('Ask to revoke sessions', 'scaled in', { account: { scalingSpare: 0 } });

    expect(onlyIncident(result)).toMatchObject({ outcome: 'PARTIAL', reason: expect.stringContaining('Auto Scaling') });
    expect(result.instances[0]?.state).toBe('running');
  });

  test('protection is as before once the instance is released', async () => {
    const after: boolean[] = [];
    for (const was of [true, false]) {
      let stack: Stack | undefined;
      const result = await drill(
        {
          ...isolated,
          lastsMinutes: 80,
          follows: [{ playbook: 'release-instance', afterMinutes: 60, input: { isolatedBy: '{incident}' } }],
        },
        (up) => {
          stack = up;
          if (was) up.cloud.autoScaling.groups.get('web')!.protectedMembers.add(instanceId);
        },
      );
      expect(result.incidents.map(({ outcome }) => outcome)).toEqual(['CONTAINED', 'RELEASED']);
      after.push(stack!.cloud.autoScaling.groups.get('web')!.protectedMembers.has(instanceId));
    }

    expect(after).toEqual([true, false]);
  });
});

test('a stop by our own restart, behind which the isolation waits, is not paged as a loss', async () => {
  const result = await drill({
    playbook: 'isolate-instance',
    fleet: [{ instanceId, symptoms: [{ metricName: 'CPUUtilization', value: 97, heals: 'never' }] }],
    account: { targetGroups: ['arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef'] },
    follows: [{ playbook: 'isolate-instance', afterMinutes: 17, input: { instanceId } }],
    answers: [{ ...yes, afterMinutes: 20 }],
    lastsMinutes: 90,
  });

  expect(effects(result, 'StopInstances')).toBe(1);
  expect(told(result, 'STOPPED')).toBeUndefined();
});

test('a host that is lost once it is isolated is told too, without a page', async () => {
  const result = await drill({ ...isolated, lastsMinutes: 100 }, ({ cloud }) =>
    later(90 * 60_000, () => cloud.ec2.lifecycle.terminate(cloud.ec2.find(instanceId)!)),
  );
  const [last] = result.notices.slice(-1);

  expect(onlyIncident(result).outcome).toBe('CONTAINED');
  expect(last?.message).toMatch(/The isolated instance was terminated.*Severity: look/s);
});

test('a host that nobody isolates is no concern of it, even if it claims to be isolated', async () => {
  const tags = { 'incident-playbooks:enabled': 'true', 'incident-playbooks:quarantined-by': 'inc-0' };
  const result = await drill({ fleet: [{ instanceId, tags }], lastsMinutes: 20 }, ({ cloud }) =>
    later(600_000, () => cloud.ec2.lifecycle.terminate(cloud.ec2.find(instanceId)!)),
  );

  expect(result.notices).toEqual([]);
});
