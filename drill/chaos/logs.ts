import type { ScenarioInput } from '../scenario/schema';
import { seededRandom } from '../stack/ids';
import type { Fault } from './faults';
import { between, maybe, pick, type Random } from './random';

type Account = NonNullable<ScenarioInput['account']>;
type LogGroup = NonNullable<Account['logGroups']>[number];
type Lines = NonNullable<LogGroup['lines']>[number];
type Drawn = Pick<ScenarioInput, 'playbook' | 'parameters' | 'starts'> & {
  groups: LogGroup[];
  changes?: Account['changes'];
};

/** What the steps ask of logs, and of the event history. */
const commands = ['StartQuery', 'GetQueryResults', 'FilterLogEvents', 'LookupEvents', 'DescribeMetricFilters'];

/** Somebody who guesses passwords, an instance of our own among them, and text that pretends to be an address. */
const sources = ['203.0.113.9', '192.0.2.77', '{address}', '2001:db8::9'];

const flowRecord = (address: string) =>
  `2 123456789012 eni-0a1b2c3d4e5f60718 ${address} 10.0.0.5 4{n} 22 6 1 40 1772442000 1772442060 REJECT OK`;
const login = (address: string, user: string) =>
  `Mar  2 09:00:01 web sshd[2112]: Failed password for invalid user ${user} from ${address} port 5{n} ssh2`;
const users = ['root', 'admin from 10.0.0.1 port 22 ssh2', '$(reboot) PLANTED'];

/** More than the stage's threshold within five minutes, or a few that no alarm is for. */
const guesses = (random: Random, threshold: number, message: (address: string) => string): Lines[] =>
  Array.from({ length: between(random, 1, 3) }, () => ({
    minute: between(random, 1, 4),
    count: random() < 0.8 ? threshold + between(random, 1, threshold) : between(random, 1, 5),
    secondsApart: 120 / threshold,
    delayMinutes: between(random, 0, 6),
    message: message(pick(random, sources)),
  }));

const kinds: readonly ((random: Random) => Drawn)[] = [
  (random) => ({
    playbook: 'block-traffic',
    parameters: { FlowLogGroup: '/vpc/flow-logs' },
    groups: [{ name: '/vpc/flow-logs', lines: guesses(random, 1000, flowRecord) }],
  }),
  (random) => ({
    playbook: 'block-traffic',
    parameters: { LoginLogGroup: '/os/secure' },
    groups: [{ name: '/os/secure', lines: guesses(random, 20, (one) => login(one, pick(random, users))) }],
  }),
  (random) => ({
    playbook: 'investigate-alarm',
    parameters: { TrailLogGroup: '/aws/trail' },
    groups: [{ name: '/aws/trail', lines: [] }],
    changes: [
      {
        minute: between(random, 1, 5),
        logGroup: '/aws/trail',
        ...pick(random, [
          { eventName: 'ConsoleLogin', source: 'signin.amazonaws.com', identity: 'root' as const, resource: 'none' },
          { eventName: 'StopLogging', source: 'cloudtrail.amazonaws.com', resource: 'main' },
          { eventName: 'LeaveOrganization', source: 'organizations.amazonaws.com', resource: 'none' },
          { eventName: 'AuthorizeSecurityGroupIngress', resource: '{group}', cidr: '0.0.0.0/0' },
        ]),
      },
    ],
  }),
  (random) => ({
    playbook: 'investigate-alarm',
    parameters: { SystemLogGroup: '/os/messages' },
    groups: [
      {
        name: '/os/messages',
        lines: [
          {
            minute: between(random, 1, 5),
            message: pick(random, [
              'Mar  2 09:00:01 web kernel: Out of memory: Killed process 2112 ($(reboot) PLANTED) total-vm:8123456kB',
              'Mar  2 09:00:01 web rsyslogd: write error: No space left on device',
            ]),
          },
        ],
      },
    ],
  }),
];

/** The alarm of each playbook and group that somebody may set without a line that it is for. */
const alarms: Record<string, string> = {
  '/vpc/flow-logs': 'flow-rejects',
  '/os/secure': 'failed-logins',
  '/aws/trail': 'root-use',
  '/os/messages': 'out-of-memory',
};

/**
 * An alarm on logs in place of a restart, in some drills: guessed passwords, root use, a full disk; a log group that
 * somebody deletes before or while its alarm is answered; searches that fail or end late. Drawn apart from all else, so that
 * every other drill is the same without it.
 */
export function drawLogs(seed: number, scenario: ScenarioInput): ScenarioInput {
  const random = seededRandom(seed + 11_000_003);
  if (scenario.playbook !== 'restart-instance' || random() >= 0.15) return scenario;
  const { groups, changes = [], ...kind } = pick(random, kinds)(random);
  const [group] = groups as [LogGroup];
  const missing = random() < 0.35 ? { deletedAtMinute: between(random, 0, 15) } : {};
  const isSet = missing.deletedAtMinute !== undefined && random() < 0.6;
  return {
    ...scenario,
    ...kind,
    ...(isSet
      ? { starts: { by: 'alarm-state', alarm: alarms[group.name]!, afterMinutes: between(random, 5, 20) } }
      : {}),
    account: { ...scenario.account, logGroups: [{ ...group, ...missing }], changes },
    answers: random() < 0.7 ? [{ subject: 'block', answer: random() < 0.8 ? 'yes' : 'no' }] : [],
    variables: { ...scenario.variables, BLOCK_NETWORK_ACL_ID: 'acl-0a1b2c3d4e5f60718', BLOCK_MINUTES: '60' },
    faults: [...(scenario.faults ?? []), ...faultsOfLogs(random)],
    lastsMinutes: 90,
  };
}

function faultsOfLogs(random: Random): Fault[] {
  const ends = () => ({
    name: 'log-query-ends',
    ends: pick(random, ['Complete', 'Failed', 'Timeout']),
    seconds: between(random, 1, 60),
  });
  const refused = () => ({ name: 'api-throttled', command: pick(random, commands), times: between(random, 1, 30) });
  return [...maybe(random, 0.3, ends), ...maybe(random, 0.3, refused)];
}
