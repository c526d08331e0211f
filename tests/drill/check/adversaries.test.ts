import type { CallFact, InstanceFact, RunFacts } from '../../../drill/check/facts';
import { checkInvariants } from '../../../drill/check/invariants';

const minute = 60_000;
const iso = (minutes: number) => new Date(minutes * minute).toISOString();
const call = (command: string, at: number, change: Partial<CallFact> = {}): CallFact => ({
  seq: at,
  at: at * minute,
  service: 'ec2',
  command,
  input: {},
  caller: { functionName: 'incident-playbooks-dev-mark-instance', executionId: 'e1', stateName: 's' },
  result: 'ok',
  mutating: true,
  effective: true,
  resources: ['i-1'],
  ...change,
});
const instance: InstanceFact = {
  instanceId: 'i-1',
  state: 'running',
  states: [{ at: 0, state: 'running' }],
  interfaces: [{ networkInterfaceId: 'eni-1', traffic: 'cut' }],
  isAllowedAt: () => true,
  isEligibleAt: () => true,
};
const record = (change: Record<string, unknown> = {}) => ({
  sk: 'RECORD',
  executionId: 'e1',
  incidentId: 'inc-1',
  playbook: 'isolate-instance',
  instanceId: 'i-1',
  trigger: 'finding',
  status: 'CLOSED',
  outcome: 'CONTAINED',
  code: 'isolated',
  reason: 'The instance is isolated, and every step is verified.',
  closedAt: iso(20),
  noticeSentAt: iso(20),
  ...change,
});
const yes = (change: Record<string, unknown> = {}) => ({
  pk: 'INCIDENT#inc-1',
  sk: 'APPROVAL#isolate',
  answer: 'yes',
  answeredAt: iso(2),
  executionId: 'e1',
  target: { instanceId: 'i-1' },
  ...change,
});
const entry = (key: string, at: number, change: Record<string, unknown> = {}) => ({
  pk: 'INCIDENT#inc-1',
  sk: `ENTRY#${key}`,
  at: iso(at),
  ...change,
});
/** The call that writes an item; it is before another call if its number is lower. */
const put = ({ pk, sk }: { pk: string; sk: string }, at: number) =>
  call('PutItem', at, {
    service: 'dynamodb',
    mutating: false,
    resources: [],
    input: { Item: { pk: { S: pk }, sk: { S: sk } } },
  });
const saved = entry('changed#interface#eni-1', 3, { before: { groupIds: ['sg-1'] } });

const run = (change: Partial<RunFacts> = {}): RunFacts => ({
  calls: [call('CreateTags', 3)],
  executions: [
    {
      id: 'e1',
      machine: 'isolate-instance',
      status: 'SUCCEEDED',
      startedAt: 0,
      endedAt: 20 * minute,
      path: [
        { state: 'Read finding', at: 0 },
        { state: 'Take lease', at: 0 },
        { state: 'Done', at: 20 * minute },
      ],
    },
  ],
  items: [record(), yes(), saved],
  notices: [],
  instances: [instance],
  ceilings: new Map([['isolate-instance', 10_800]]),
  logs: [],
  planted: [],
  circuitBreaker: { limit: 5, windowMs: 30 * minute },
  told: { pages: [], openGroups: new Set(['sg-open']), endedAt: 60 * minute },
  ...change,
});
const broken = (change: Partial<RunFacts> = {}) => [
  ...new Set(checkInvariants(run(change)).map(({ invariant }) => invariant)),
];

test('an isolation that somebody approved breaks nothing', () => expect(broken()).toEqual([]));

describe('L: a change is seen', () => {
  test.each<[string, Record<string, unknown>[]]>([
    ['that nobody was asked about', []],
    ['that somebody denied', [yes({ answer: 'no' })]],
    ['before the yes', [yes({ answeredAt: iso(4) })]],
    ['by another execution than the one that asked', [yes({ executionId: 'e2' })]],
    ['of another instance than the approved one', [yes({ target: { instanceId: 'i-2' } })]],
  ])('%s', (_what, approvals) => {
    expect(broken({ items: [record(), saved, ...approvals] })).toEqual(['L']);
  });

  describe('by the order of the calls, whatever the clocks said:', () => {
    const saving = (at: number, answer = 'yes') =>
      call('UpdateItem', at, {
        service: 'dynamodb',
        mutating: false,
        resources: [],
        caller: { functionName: 'incident-playbooks-dev-answer-approval', executionId: 'e1', stateName: 's' },
        input: {
          Key: { pk: { S: 'INCIDENT#inc-1' }, sk: { S: 'APPROVAL#isolate' } },
          ExpressionAttributeValues: { ':answer': { S: answer }, ':delivering': { S: 'DELIVERING' } },
        },
      });
    const judged = (answeredAt: number, ...saves: CallFact[]) =>
      broken({
        calls: [call('CreateTags', 3), ...saves],
        items: [record(), saved, yes({ answeredAt: iso(answeredAt) })],
      });

    test('a yes that was saved after the change, and claims to be older', () =>
      expect(judged(1, saving(3.5))).toEqual(['L']));
    test('not a yes that was saved before it by a clock that is ahead', () =>
      expect(judged(9, saving(2.5))).toEqual([]));
    test('a no that was saved before it, and a yes after it', () =>
      expect(judged(1, saving(2.5, 'no'), saving(3.5))).toEqual(['L']));
    test('a yes whose write failed', () =>
      expect(judged(1, { ...saving(2.5), result: 'error' }, saving(3.5))).toEqual(['L']));
  });

  test('that denies another range than the approved one', () => {
    const block = record({ playbook: 'block-traffic', outcome: 'BLOCKED', code: 'blocked' });
    const approved = yes({ sk: 'APPROVAL#block', target: { cidrs: ['198.51.100.7/32'], minutes: 60 } });
    const denies = (CidrBlock: string) => ({
      calls: [call('CreateNetworkAclEntry', 3, { input: { CidrBlock }, resources: ['acl-1'] })],
      items: [block, approved],
    });

    expect(broken(denies('198.51.100.7/32'))).toEqual([]);
    expect(broken(denies('0.0.0.0/0'))).toEqual(['L']);
  });

  test('that installs with a reboot where none was approved', () => {
    const patch = record({ playbook: 'patch-instance', trigger: 'manual', outcome: 'PATCHED', code: 'patched' });
    const approved = yes({ sk: 'APPROVAL#install', target: { instanceId: 'i-1', reboot: 'NoReboot' } });
    const installs = (RebootOption: string) => ({
      calls: [
        put(entry('patch-requested', 3), 2.5),
        call('SendCommand', 3, {
          service: 'ssm',
          input: { Parameters: { Operation: ['Install'], RebootOption: [RebootOption] } },
        }),
      ],
      items: [patch, approved, entry('patch-requested', 3)],
    });

    expect(broken(installs('NoReboot'))).toEqual([]);
    expect(broken(installs('RebootIfNeeded'))).toEqual(['L']);
  });

  test('that revokes sessions after a yes to something else', () => {
    const calls = [call('PutRolePolicy', 3, { service: 'iam', resources: ['web'] })];

    expect(broken({ calls })).toEqual(['L']);
    expect(broken({ calls, items: [record(), saved, yes({ sk: 'APPROVAL#revoke-sessions' })] })).toEqual([]);
  });

  test('of power without its intent, or before it', () => {
    const restart = record({ playbook: 'restart-instance', outcome: 'RESOLVED', code: 'recovered' });
    const intent = entry('reboot-requested', 3);
    const reboot = call('RebootInstances', 3);
    const calls = [put(intent, 2.5), reboot];

    expect(broken({ calls, items: [restart, intent] })).toEqual([]);
    expect(broken({ calls: [reboot, put(intent, 3.5)], items: [restart, intent] })).toEqual(['L']);
    expect(broken({ calls: [reboot], items: [restart, intent] })).toEqual(['L']);
    expect(broken({ calls, items: [restart] })).toEqual(['L']);
  });
});

describe('M: what is left open in silence is seen', () => {
  const open = call('ModifyNetworkInterfaceAttribute', 5, { input: { Groups: ['sg-open'] }, resources: ['eni-1'] });
  const closed = (at: number) =>
    call('ModifyNetworkInterfaceAttribute', at, { input: { Groups: ['sg-closed'] }, resources: ['eni-1'] });
  const page = (at: number, text = 'eni-1 IS OPEN TO ALL TRAFFIC') => ({
    pages: [{ at: at * minute, text }],
    openGroups: new Set(['sg-open']),
    endedAt: 60 * minute,
  });

  test('an interface that was open for longer than five minutes', () => {
    expect(broken({ calls: [open, closed(9)] })).toEqual([]);
    expect(broken({ calls: [open, closed(11)] })).toEqual(['M']);
    expect(broken({ calls: [open, closed(11)], told: page(8) })).toEqual([]);
    expect(broken({ calls: [open, closed(20)], told: page(11) })).toEqual(['M']);
    expect(broken({ calls: [open, closed(20)], told: page(8, 'eni-2 IS OPEN TO ALL TRAFFIC') })).toEqual(['M']);
  });

  test('an interface that nobody ever closed', () => expect(broken({ calls: [open] })).toEqual(['M']));

  const refused = (change: Record<string, unknown>) =>
    broken({ calls: [], items: [record({ outcome: 'ESCALATED', code: 'protected', ...change })] });

  test.each(['protected', 'not-opted-in', 'kill-switch-on', 'held', 'would-isolate', 'lease-lost'])(
    'a finding that was refused and ends green: %s',
    (code) => expect(refused({ outcome: 'SKIPPED', code })).toEqual(['M']),
  );
  test.each(['already-isolated', 'joined', 'sample-finding', 'denied'])(
    'not a finding that is none of that: %s',
    (code) => expect(refused({ outcome: 'SKIPPED', code })).toEqual([]),
  );
  test('a manual start that was refused is its starter’s to see', () => {
    expect(refused({ outcome: 'SKIPPED', trigger: 'manual' })).toEqual([]);
  });
  test('an escalation whose page came late, or never', () => {
    expect(refused({})).toEqual([]);
    expect(refused({ noticeSentAt: iso(26) })).toEqual(['M']);
    expect(refused({ noticeSentAt: undefined })).toEqual(['M']);
    expect(refused({ noticeSentAt: undefined, noticeState: 'PENDING' })).toEqual([]);
  });
  test('a finding that reached no machine and has no record', () => {
    const findings = [{ findingArn: 'arn:of:finding', at: 0 }];
    const told = { ...page(0), findings };
    const known = record({ incidentId: 'inc-9', trigger: 'schedule', finding: { findingArn: 'arn:of:finding' } });

    expect(broken({ told })).toEqual(['M']);
    expect(broken({ told, calls: [], items: [known] })).toEqual([]);
    expect(broken({ told: { ...told, endedAt: 4 * minute } })).toEqual([]);
  });
  test('an escalation that another incident told of longer than an hour ago', () => {
    const told = (sentAt: number) =>
      broken({
        calls: [],
        items: [
          record({ outcome: 'ESCALATED', code: 'protected', noticeSentAt: undefined, extra: { toldBy: 'inc-0' } }),
          record({
            incidentId: 'inc-0',
            executionId: 'e0',
            outcome: 'ESCALATED',
            closedAt: iso(sentAt),
            noticeSentAt: iso(sentAt),
          }),
        ],
      });

    expect(told(0)).toEqual([]);
    expect(told(-50)).toEqual(['M']);
  });
});

describe('M: a host that is lost during its isolation is seen', () => {
  const lost = (state: string, change: Record<string, unknown> = {}, pages: { at: number; text: string }[] = []) =>
    broken({
      calls: [],
      items: [
        record({ outcome: 'ESCALATED', trigger: 'manual', code: 'instance-gone', ...change }),
        yes({ askedAt: iso(1) }),
        saved,
      ],
      instances: [
        {
          ...instance,
          states: [
            { at: 0, state: 'running' },
            { at: 5 * minute, state },
          ],
        },
      ],
      told: { pages, openGroups: new Set(['sg-open']), endedAt: 60 * minute },
    });
  const page = (at: number, text = 'i-1 WAS TERMINATED') => [{ at: at * minute, text }];

  test.each(['stopping', 'shutting-down'])('if nobody is paged at once: %s', (state) => {
    expect(lost(state)).toEqual(['M']);
    expect(lost(state, {}, page(11))).toEqual(['M']);
    expect(lost(state, {}, page(6, 'i-2 WAS TERMINATED'))).toEqual(['M']);
    expect(lost(state, {}, page(6))).toEqual([]);
  });
  test('if its incident ends green, paged or not', () => {
    expect(lost('stopping', { outcome: 'CONTAINED', code: 'isolated' }, page(6))).toEqual(['M']);
    expect(lost('shutting-down', { outcome: 'SKIPPED', code: 'denied' }, page(6))).toEqual(['M']);
  });
  test('not if it was lost before the question, or after the end', () => {
    expect(lost('shutting-down', { closedAt: iso(4), noticeSentAt: iso(4) })).toEqual([]);
    expect(
      broken({
        instances: [{ ...instance, states: [{ at: 0, state: 'stopping' }] }],
        items: [record(), yes({ askedAt: iso(1) }), saved],
      }),
    ).toEqual([]);
  });
});

describe('N: what is written by others than its owner is seen', () => {
  const write = (functionName: string, pk: string, sk: string, command = 'PutItem') =>
    broken({
      calls: [
        call(command, 3, {
          service: 'dynamodb',
          caller: { functionName: `incident-playbooks-dev-${functionName}`, executionId: 'e1', stateName: 's' },
          input: command === 'PutItem' ? { Item: { pk: { S: pk }, sk: { S: sk } } } : { Key: { pk, sk } },
          resources: [],
        }),
      ],
    });

  test.each<[string, string, string, string, string]>([
    ['an approval', 'answer-approval', 'take-snapshots', 'INCIDENT#inc-1', 'APPROVAL#isolate'],
    ['the circuit breaker', 'plan-action', 'stop-instance', 'FLEET', 'BREAKER'],
    ['the count of a storm', 'open-incident', 'close-incident', 'FLEET', 'STORM'],
    ['the storm of alarms', 'open-incident', 'tell-finding', 'STORM#ALARMS', 'STORM'],
    ['the storm of findings', 'tell-finding', 'open-incident', 'FINDING_STORM', 'FINDING_STORM'],
    ['the storm of suspicions', 'sweep-alarms', 'tell-finding', 'SUSPICION_STORM', 'SUSPICION_STORM'],
    ['a turn', 'take-out-of-service', 'start-instance', 'TURNS', 'TURN#ZONE#us-east-1a'],
    ['a place where starts fail', 'start-instance', 'take-out-of-service', 'PLACES', 'PLACES'],
    ['the pace of enrolment', 'enrol-instance', 'open-incident', 'ENROLMENT', 'ENROLMENT_PACE'],
    ['the count of ends alike', 'close-incident', 'open-incident', 'DIGESTS', 'restart-instance#SKIPPED#not-opted-in'],
    ['whom people were asked about', 'plan-isolation', 'hold-instance', 'ISOLATIONS', 'i-0123456789abcdef0'],
    ['a block', 'reserve-block', 'group-blocks', 'BLOCKS', 'BLOCK#203.0.113.9/32'],
    ['a group of addresses', 'group-blocks', 'reserve-block', 'BLOCK_GROUPS', 'COLLECTING'],
    ['evidence', 'save-evidence', 'judge-isolation', 'INCIDENT#inc-1', 'EVIDENCE#instance'],
    ['a saved state', 'swap-profile', 'restore-instance', 'INCIDENT#inc-1', 'ENTRY#changed#profile'],
  ])('%s', (_what, owner, other, pk, sk) => {
    for (const command of ['PutItem', 'UpdateItem']) {
      expect(write(owner, pk, sk, command)).toEqual([]);
      expect(write(other, pk, sk, command)).toEqual(['N']);
    }
  });

  test('the kill switch, by any step at all', () => {
    for (const name of ['close-incident', 'plan-action']) expect(write(name, 'CONTROL', 'KILL_SWITCH')).toEqual(['N']);
  });
  test('not what has no owner', () =>
    expect(write('stop-instance', 'INCIDENT#inc-1', 'ENTRY#stop-requested')).toEqual([]));
});
