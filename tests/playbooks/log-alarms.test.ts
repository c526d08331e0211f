import { loadScenario } from '../../drill/scenario/load';
import { runScenario } from '../../drill/scenario/run';
import { drill, effects, type Given, onlyIncident } from '../fixtures/drill';

type Result = Awaited<ReturnType<typeof drill>>;
const timelineOf = ({ items }: Result) => items.flatMap(({ what }) => (typeof what === 'string' ? [what] : []));
const blockedIn = ({ ledger }: Result) =>
  ledger
    .filter(({ command, effective }) => command === 'CreateNetworkAclEntry' && effective)
    .map(({ input }) => (input as { CidrBlock?: string }).CidrBlock);
const acl = { BLOCK_NETWORK_ACL_ID: 'acl-0a1b2c3d4e5f60718' };

describe('an alarm on rejected connections', () => {
  let result: Result;
  beforeAll(async () => {
    result = await runScenario(await loadScenario('ssh-guessing-flow-logs'));
  });

  test('has its sources with their counts in the request, and the one that is ours is left out', () => {
    const own = result.instances[0]!;
    const [question] = result.notices;

    expect(question?.message).toContain('Block 192.0.2.77/32, 203.0.113.9/32 for 60 minutes');
    expect(question?.message).toMatch(/203\.0\.113\.9\/32 \(6\d\d lines\), 192\.0\.2\.77\/32 \(2\d\d lines\)/);
    expect(timelineOf(result).join('\n')).toMatch(/an Elastic IP of this account/);
    expect(own.state).toBe('running');
  });

  test('blocks both others in both directions, and neither noise nor ourselves', () => {
    expect(blockedIn(result).sort()).toEqual(['192.0.2.77/32', '192.0.2.77/32', '203.0.113.9/32', '203.0.113.9/32']);
  });

  test('asks once', () => {
    expect(
      result.ledger
        .filter(({ command }) => command === 'StartQuery')
        .filter(({ caller }) => caller?.stateName === 'Find sources'),
    ).toHaveLength(1);
    expect(result.notices.filter(({ subject }) => subject?.includes('Approve'))).toHaveLength(1);
  });
});

const hostile = 'x from 198.51.100.1 port 22 ssh2';
const guessing: Given = {
  playbook: 'block-traffic',
  parameters: { LoginLogGroup: '/os/secure' },
  variables: { ...acl, BLOCK_MINUTES: '60' },
  fleet: [{}],
  answers: [{ subject: 'block', answer: 'yes' }],
  account: {
    logGroups: [
      {
        name: '/os/secure',
        lines: [
          {
            minute: 1,
            count: 60,
            secondsApart: 2,
            message: `Mar  2 09:00:01 web sshd[{n}]: Failed password for invalid user ${hostile} from 203.0.113.9 port 5{n} ssh2`,
          },
          {
            minute: 1,
            count: 200,
            message: `Mar  2 09:00:01 web sshd[{n}]: pam_unix(sshd:auth): authentication failure; rhost=203.0.113.9 user=Invalid user ${hostile}`,
          },
        ],
      },
    ],
  },
};

test('a user name that looks like an address does not choose the address that is blocked', async () => {
  const result = await drill(guessing);

  expect(onlyIncident(result)).toMatchObject({ outcome: 'BLOCKED' });
  expect(blockedIn(result)).toEqual(['203.0.113.9/32', '203.0.113.9/32']);
});

const rejects = (lines: number): Given => ({
  playbook: 'block-traffic',
  parameters: { FlowLogGroup: '/vpc/flow' },
  variables: acl,
  fleet: [{}],
  starts: { by: 'alarm-state', alarm: 'flow-rejects', afterMinutes: 5 },
  account: {
    logGroups: [
      {
        name: '/vpc/flow',
        lines: [
          {
            minute: 1,
            count: lines,
            message: '2 123456789012 eni-0a1b2c3d 203.0.113.9 10.0.0.5 4{n} 22 6 1 40 1772442000 1772442060 REJECT OK',
          },
        ],
      },
    ],
  },
});

test('an alarm without a frequent source ends with the most frequent ones, and a page', async () => {
  const result = await drill(rejects(6));

  expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'no-sources' });
  expect(onlyIncident(result).reason).toContain('203.0.113.9/32 (6 lines)');
  expect(effects(result, 'CreateNetworkAclEntry')).toBe(0);
});

describe.each([
  ['denied', { name: 'api-denied', command: 'StartQuery' }, 'AccessDeniedException'],
  ['denied to be read', { name: 'api-denied', command: 'GetQueryResults' }, 'AccessDeniedException'],
  ['throttled', { name: 'api-throttled', command: 'StartQuery', times: 1_000 }, 'ThrottlingException'],
  ['a query that fails', { name: 'log-query-ends', ends: 'Failed' }, 'ended as Failed'],
  ['a query that takes too long', { name: 'log-query-ends', seconds: 3_000 }, 'within 240 seconds'],
])('row 75: logs %s', (_what, fault, words) => {
  test('are told as unknown, nothing is blocked, and nothing waits for them', async () => {
    const result = await drill({ ...rejects(900), faults: [fault] as never });
    const [execution] = result.executions;

    expect(onlyIncident(result)).toMatchObject({ outcome: 'ESCALATED', code: 'sources-unknown' });
    expect(onlyIncident(result).reason).toContain(words);
    expect(effects(result, 'CreateNetworkAclEntry')).toBe(0);
    expect(execution!.endedAt! - execution!.startedAt).toBeLessThan(7 * 60_000);
    expect(result.notices.some(({ subject }) => subject?.startsWith('PAGE ESCALATED'))).toBe(true);
  });
});

test('a query that is throttled at first is asked again', async () => {
  const faults = [{ name: 'api-throttled', command: 'StartQuery', times: 4, state: 'Find sources' }];
  const result = await drill({ ...rejects(900), answers: [{ subject: 'block', answer: 'no' }], faults });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'SKIPPED' });
  expect(timelineOf(result).join('\n')).toMatch(/Sources in the flow logs from .*: 203\.0\.113\.9\/32 \(\d{3} lines\)/);
});

test('a port scan is found by its ports, which no filter counts', async () => {
  const scan = rejects(1);
  scan.account!.logGroups![0]!.lines = [
    {
      minute: 1,
      count: 80,
      message: '2 123456789012 eni-0a1b2c3d 192.0.2.7 10.0.0.5 40000 1{n} 6 1 40 1772442000 1772442060 REJECT OK',
    },
  ];
  const result = await drill({ ...scan, starts: { by: 'alarm' }, answers: [{ subject: 'block', answer: 'yes' }] });

  expect(onlyIncident(result)).toMatchObject({ outcome: 'BLOCKED', alarmName: 'block-traffic-dev-port-scan' });
  expect(timelineOf(result).join('\n')).toContain('192.0.2.7/32 (80 ports)');
});

test('a deployment whose log group is missing fails, as CloudFormation has it', async () => {
  await expect(drill({ parameters: { TrailLogGroup: '/no/such/group' } })).rejects.toThrow(
    'The specified log group does not exist.',
  );
});
