import { type Scenario, type ScenarioInput, scenarioSchema } from '../scenario/schema';
import { seededRandom } from '../stack/ids';
import { bruteForce, threat } from './events';
import { boundaries, type Fault, faults } from './faults';
import { drawHealth } from './health';
import { drawKind } from './kinds';
import { drawLogs } from './logs';
import { drawMore } from './more';
import { drawOrdinary } from './passing';
import { drawPlaces } from './places';
import { between, maybe, pick, type Random } from './random';
import { drawSpokes } from './spokes';
import { storyOf } from './story';

const shared = ['DescribeInstances', 'PutItem', 'UpdateItem', 'GetItem', 'Publish'];
const service = ['DescribeAutoScalingInstances', 'DescribeTargetHealth', 'DeregisterTargets', 'RegisterTargets'];

/** What each playbook calls, and so what faults are drawn for. */
const commands = {
  'restart-instance': [
    ...shared,
    ...service,
    'DescribeAlarms',
    'DescribeInstanceStatus',
    'GetMetricData',
    'StopInstances',
    'StartInstances',
    'RebootInstances',
    'EnterStandby',
    'ExitStandby',
  ],
  'isolate-instance': [
    ...shared,
    'DescribeNetworkInterfaces',
    'DescribeVolumes',
    'CreateSnapshots',
    'CreateTags',
    'ModifyInstanceAttribute',
    'CreateSecurityGroup',
    'AuthorizeSecurityGroupIngress',
    'RevokeSecurityGroupEgress',
    'ModifyNetworkInterfaceAttribute',
    'ModifyNetworkInterfaceAttribute',
  ],
  'block-traffic': [
    ...shared,
    'DescribeNetworkAcls',
    'DescribeVpcs',
    'CreateNetworkAclEntry',
    'GetIPSet',
    'UpdateIPSet',
  ],
} as const;

/** What else they call, for what AWS does on an ordinary day. */
const besides = {
  'restart-instance': [
    'DescribeVolumes',
    'DescribeInstanceAttribute',
    'DescribeInstanceTypes',
    'DescribeSpotInstanceRequests',
    'DescribeKey',
    'DescribeTargetGroups',
    'DescribeAutoScalingGroups',
    'Query',
  ],
  'isolate-instance': [
    ...service,
    'DescribeSecurityGroups',
    'AuthorizeSecurityGroupEgress',
    'DescribeSnapshots',
    'GetConsoleOutput',
    'DescribeAddresses',
    'DisassociateAddress',
    'DescribeIamInstanceProfileAssociations',
    'ReplaceIamInstanceProfileAssociation',
    'GetInstanceProfile',
    'PutRolePolicy',
    'DescribeInstanceAttribute',
    'EnterStandby',
    'SendTaskSuccess',
  ],
  'block-traffic': [
    'DescribeVpcPeeringConnections',
    'DescribeNatGateways',
    'DescribeAddresses',
    'DescribeNetworkInterfaces',
    'DeleteNetworkAclEntry',
    'SendTaskSuccess',
  ],
} as const;

/** Of ten drills six restart, three isolate, and one blocks. */
const playbooks = [
  ...(Array(6).fill('restart-instance') as 'restart-instance'[]),
  ...(Array(3).fill('isolate-instance') as 'isolate-instance'[]),
  'block-traffic' as const,
];

const symptoms = [
  { metricName: 'CPUUtilization', value: 97, heals: 'on-restart' },
  { metricName: 'CPUUtilization', value: 97, heals: 'never' },
  { metricName: 'StatusCheckFailed_Instance', heals: 'on-reboot' },
  { metricName: 'StatusCheckFailed_Instance', heals: 'on-restart' },
  { metricName: 'StatusCheckFailed_System', heals: 'on-restart' },
] as const;

/** Stands in a tag of every instance; no log may repeat it. */
const planted = '$(reboot) PLANTED';
const targetGroup = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';

/** A random instance, nearly always one that may be changed. */
function drawInstance(random: Random) {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';
  const tags = {
    Name: planted,
    ...(random() < 0.95 ? { 'incident-playbooks:enabled': 'true' } : {}),
    ...(random() < 0.05 ? { 'incident-playbooks:protected': 'true' } : {}),
    ...(random() < 0.3 ? { 'incident-playbooks:allow-force-stop': 'true' } : {}),
  };
  return {
    tags,
    symptoms: [pick(random, symptoms)],
    elasticIp: random() < 0.5,
    networkInterfaces: Array.from({ length: between(random, 1, 3) }, () => ({})),
    ...(random() < 0.2 ? { volumes: [{ encrypted: true, kmsKeyId: key }] } : {}),
    ...(random() < 0.04 ? { disableApiStop: true } : {}),
    ...(random() < 0.04 ? { spot: pick(random, ['one-time', 'persistent'] as const) } : {}),
    ...(random() < 0.04 ? { rootDeviceType: 'instance-store' as const } : {}),
    ...(random() < 0.15 ? { autoScalingGroupName: 'web' } : {}),
  };
}

/** What a playbook is given besides its fleet: an isolation is asked for by hand, and by far most often approved. */
function drawStart(random: Random, playbook: keyof typeof commands): Partial<ScenarioInput> {
  if (playbook === 'restart-instance') return {};
  const subject = playbook === 'isolate-instance' ? 'isolate' : 'block';
  const event = subject === 'isolate' ? threat(1, '{instance}') : bruteForce(1, '{instance}', '198.51.100.7');
  const byHand = subject === 'isolate' && random() < 0.5;
  return {
    starts: byHand ? { by: 'manual' } : { by: 'event', events: [event] },
    answers: drawAnswers(random, subject),
    ...(subject === 'block' && random() < 0.7 ? { variables: { BLOCK_NETWORK_ACL_ID: 'acl-0a1b2c3d4e5f60718' } } : {}),
  };
}

/** By far most often somebody says yes in time; else no, nothing, too late, twice, or to another question. */
function drawAnswers(random: Random, subject: 'isolate' | 'block'): ScenarioInput['answers'] {
  const other = subject === 'isolate' ? 'block' : 'isolate';
  const kinds = ['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'no', 'silence', 'late', 'twice', 'other'] as const;
  const kind = pick(random, kinds);
  switch (kind) {
    case 'silence':
      return [];
    case 'late':
      return [{ subject, answer: 'yes', afterMinutes: between(random, 60, 70) }];
    case 'twice':
      return [
        { subject, answer: pick(random, ['yes', 'no'] as const) },
        { subject, answer: pick(random, ['yes', 'no'] as const), afterMinutes: 3, by: 'bob' },
      ];
    case 'other':
      return [{ subject: other, answer: 'yes' }];
    default:
      return [{ subject, answer: kind }];
  }
}

function drawFaults(random: Random, seed: number, playbook: keyof typeof commands): Fault[] {
  const count = 1 + Math.floor(random() * 3);
  const drawn = Array.from({ length: count }, () => pick(random, faults)(random, commands[playbook]));
  const all = [...crashInTurn(seed), ...drawn, ...drawOrdinary(seed, [...commands[playbook], ...besides[playbook]])];
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

/** Of every four seeds one crashes, and these take the boundaries in turn, once before and once after the call. */
function crashInTurn(seed: number): Fault[] {
  if (seed % 4 !== 0) return [];
  const name = seed % 8 === 0 ? 'crash-before-call' : 'crash-after-call';
  return [{ name, n: (Math.floor(seed / 8) % boundaries) + 1 }];
}

/** The random drill of a seed: the same seed is the same drill. */
export function drawScenario(seed: number): Scenario {
  const random = seededRandom(seed);
  const playbook = pick(random, playbooks);
  const distinct = drawFaults(random, seed, playbook);
  const started = drawStart(random, playbook);
  const killSwitch = () => ({ by: 'kim', reason: 'maintenance', afterCommand: pick(random, commands[playbook]) });
  const drawn: ScenarioInput = {
    name: `chaos-${seed}`,
    story: '',
    seed,
    playbook,
    fleet: [drawInstance(random), ...maybe(random, 0.2, () => drawInstance(random))].map((instance, index) => ({
      ...drawKind(seed, index),
      ...instance,
    })),
    faults: distinct,
    planted: [planted],
    account: {
      targetGroups: maybe(random, 0.15, () => targetGroup),
      otherMembers: random() < 0.2 ? 0 : 1,
      healthEvents: drawHealth(seed),
      ...(random() < 0.05 ? { killSwitch: killSwitch() } : {}),
    },
    ...started,
    variables: { ...(random() < 0.8 ? { AUTO_SCALING: 'standby' } : {}), ...started.variables },
    delivery: { copies: random() < 0.3 ? between(random, 2, 5) : 1, jitterMs: 500 },
    mode: random() < 0.95 ? 'act' : 'observe',
    // Long enough for notices that are late, and for alarms that go off again.
    lastsMinutes: between(random, 5, 60),
    expect: {},
  };
  const ofOne = drawLogs(seed, drawMore(seed, { ...drawn, ...drawPlaces(seed, drawn) }));
  const scenario = drawSpokes(seed, ofOne, [...commands[playbook], ...besides[playbook]]);
  return scenarioSchema.parse({ ...scenario, story: storyOf(seed, scenario) });
}
