import { type Scenario, type ScenarioInput, scenarioSchema } from '../scenario/schema';
import { seededRandom } from '../stack/ids';

type Fault = NonNullable<ScenarioInput['faults']>[number];
type Random = () => number;

/** Calls of a run without faults, about: crashes are drawn from so many boundaries. */
const boundaries = 120;

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const between = (random: Random, low: number, high: number) => low + Math.floor(random() * (high - low + 1));
const maybe = <T>(random: Random, chance: number, make: () => T): T[] => (random() < chance ? [make()] : []);

const commands = [
  'DescribeAlarms',
  'DescribeInstances',
  'DescribeInstanceStatus',
  'GetMetricData',
  'StopInstances',
  'StartInstances',
  'RebootInstances',
  'PutItem',
  'UpdateItem',
  'GetItem',
  'Publish',
];

/** The faults that may be mixed, each with parameters of its own. */
const faults: readonly ((random: Random) => Fault)[] = [
  (random) => ({ name: 'crash-before-call', n: between(random, 1, boundaries) }),
  (random) => ({ name: 'crash-after-call', n: between(random, 1, boundaries) }),
  (random) => ({
    name: 'late-answer',
    n: between(random, 1, 20),
    command: pick(random, commands),
    seconds: between(random, 10, 70),
  }),
  (random) => ({ name: 'api-throttled', command: pick(random, commands), times: between(random, 1, 30) }),
  (random) => ({
    name: 'api-error',
    command: pick(random, commands),
    times: between(random, 1, 12),
    status: pick(random, [500, 503]),
  }),
  (random) => ({ name: 'api-denied', command: pick(random, commands) }),
  (random) => ({
    name: 'api-refused',
    command: pick(random, ['StopInstances', 'StartInstances']),
    code: 'IncorrectInstanceState',
    times: between(random, 1, 4),
  }),
  (random) => ({
    name: 'lambda-refused',
    times: between(random, 1, 12),
    error: pick(random, ['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'Lambda.Unknown']),
  }),
  (random) => ({ name: 'record-store-throttled', times: between(random, 1, 60) }),
  (random) => ({ name: 'notification-fails', times: between(random, 1, 30) }),
  (random) => ({ name: 'stop-hangs', forcedToo: random() < 0.5 }),
  (random) => ({ name: 'stop-slow', seconds: between(random, 60, 1400) }),
  (random) => ({ name: 'insufficient-capacity', times: between(random, 1, 30) }),
  () => ({ name: 'kms-grant-missing' }),
  () => ({ name: 'status-checks-fail-after-start' }),
  (random) => ({ name: 'stale-describe', reads: between(random, 1, 5) }),
  (random) => ({ name: 'terminated-mid-run', after: pick(random, commands) }),
  (random) => ({ name: 'stopped-by-someone-else', before: pick(random, commands) }),
  (random) => ({ name: 'opt-in-removed', after: pick(random, commands) }),
  (random) => ({ name: 'protected-mid-run', after: pick(random, commands) }),
  () => ({ name: 'alarm-stays-in-alarm' }),
  () => ({ name: 'alarm-goes-insufficient-data' }),
  (random) => ({ name: 'alarm-recovers', [pick(random, ['before', 'after'])]: pick(random, commands) }),
];

const ailments = [
  { metricName: 'CPUUtilization', value: 97, heals: 'on-restart' },
  { metricName: 'CPUUtilization', value: 97, heals: 'never' },
  { metricName: 'StatusCheckFailed_Instance', heals: 'on-reboot' },
  { metricName: 'StatusCheckFailed_Instance', heals: 'on-restart' },
  { metricName: 'StatusCheckFailed_System', heals: 'on-restart' },
] as const;

/** A random instance, nearly always one that may be restarted. */
function drawInstance(random: Random) {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';
  const tags = {
    ...(random() < 0.95 ? { 'incident-playbooks:enabled': 'true' } : {}),
    ...(random() < 0.05 ? { 'incident-playbooks:protected': 'true' } : {}),
    ...(random() < 0.3 ? { 'incident-playbooks:allow-force-stop': 'true' } : {}),
  };
  return {
    tags,
    ailments: [pick(random, ailments)],
    elasticIp: random() < 0.5,
    ...(random() < 0.2 ? { volumes: [{ encrypted: true, kmsKeyId: key }] } : {}),
    ...(random() < 0.04 ? { disableApiStop: true } : {}),
    ...(random() < 0.04 ? { spot: pick(random, ['one-time', 'persistent'] as const) } : {}),
    ...(random() < 0.04 ? { rootDeviceType: 'instance-store' as const } : {}),
  };
}

/** The random drill of a seed: the same seed is the same drill. */
export function drawScenario(seed: number): Scenario {
  const random = seededRandom(seed);
  const count = 1 + Math.floor(random() * 3);
  const drawn = Array.from({ length: count }, () => pick(random, faults)(random));
  const distinct = drawn.filter(({ name }, index) => drawn.findIndex((other) => other.name === name) === index);
  return scenarioSchema.parse({
    name: `chaos-${seed}`,
    story: `Random faults of seed ${seed}: ${distinct.map(({ name }) => name).join(', ')}.`,
    seed,
    fleet: [drawInstance(random), ...maybe(random, 0.2, () => drawInstance(random))],
    faults: distinct,
    delivery: { copies: random() < 0.3 ? between(random, 2, 5) : 1, jitterMs: 500 },
    mode: random() < 0.95 ? 'act' : 'observe',
    // Long enough for notices that are late, and for alarms that go off again.
    lastsMinutes: between(random, 5, 60),
    expect: {},
  });
}
