import type { CallFact, ExecutionFact, InstanceFact, InterfaceFact, RunFacts } from '../../../drill/check/facts';
import { checkInvariants } from '../../../drill/check/invariants';

const minute = 60_000;
const execution = (id: string, change: Partial<ExecutionFact> = {}): ExecutionFact => ({
  id,
  machine: 'restart-instance',
  status: 'SUCCEEDED',
  startedAt: 0,
  endedAt: 10 * minute,
  path: [
    { state: 'Read alarm', at: 0 },
    { state: 'Take lease', at: 0 },
    { state: 'Plan action', at: minute },
    { state: 'Done', at: 10 * minute },
  ],
  ...change,
});
const call = (command: string, by: string, at: number, change: Partial<CallFact> = {}): CallFact => ({
  seq: at,
  at,
  service: 'ec2',
  command,
  input: {},
  caller: { functionName: 'f', executionId: by, stateName: 's' },
  result: 'ok',
  mutating: true,
  effective: true,
  resources: ['i-1'],
  ...change,
});
const record = (executionId: string, change: Record<string, unknown> = {}) => ({
  sk: 'RECORD',
  executionId,
  incidentId: `inc-${executionId}`,
  trigger: 'alarm',
  status: 'CLOSED',
  outcome: 'RESOLVED',
  reason: 'After the stop and start the alarm is OK.',
  noticeSentAt: '2026-11-24T02:10:00.000Z',
  ...change,
});

/** A good run: one execution stops and starts one instance and says so. */
const goodRun = (): RunFacts => ({
  calls: [call('StopInstances', 'e1', 2 * minute), call('StartInstances', 'e1', 4 * minute)],
  executions: [execution('e1')],
  items: [record('e1')],
  notices: [],
  instances: [instance()],
  ceilings: new Map([['restart-instance', 3600]]),
  logs: ['{"level":"INFO"}'],
  planted: ['$(reboot)'],
  circuitBreaker: { limit: 2, windowMs: 30 * minute },
});

/** An instance that may be changed, and that has run all the time, but for what a test says. */
const instance = (change: Partial<InstanceFact> = {}): InstanceFact => ({
  instanceId: 'i-1',
  state: 'running',
  states: [{ at: 0, state: 'running' }],
  interfaces: [],
  isAllowedAt: () => true,
  isEligibleAt: () => true,
  ...change,
});

const broken = (facts: RunFacts) => [...new Set(checkInvariants(facts).map(({ invariant }) => invariant))];

test('a good run breaks nothing', () => {
  expect(checkInvariants(goodRun())).toEqual([]);
});

test('A: a second effective stop is seen, an ineffective one is none', () => {
  const run = goodRun();

  expect(broken({ ...run, calls: [...run.calls, call('StopInstances', 'e1', 3 * minute)] })).toEqual(['A']);
  expect(
    broken({ ...run, calls: [...run.calls, call('StopInstances', 'e1', 3 * minute, { effective: false })] }),
  ).toEqual([]);
});

test('B: a change to an instance that lost its tag is seen', () => {
  const instances = [instance({ isEligibleAt: (at) => at < 3 * minute })];

  expect(broken({ ...goodRun(), instances })).toEqual(['B']);
});

test.each<[string, CallFact]>([
  ['a tag', call('CreateTags', 'e1', 3 * minute)],
  ['Standby', call('ExitStandby', 'e1', 3 * minute, { service: 'auto-scaling' })],
  ['an interface', call('ModifyNetworkInterfaceAttribute', 'e1', 3 * minute, { resources: ['eni-1'] })],
  [
    'a registration',
    call('RegisterTargets', 'e1', 3 * minute, {
      service: 'elbv2',
      input: { Targets: [{ Id: 'i-1' }] },
      resources: ['arn'],
    }),
  ],
])('B: a change of %s of an instance that is not opted in is seen', (_what, change) => {
  const instances = [
    instance({ interfaces: [{ networkInterfaceId: 'eni-1', traffic: 'by-rules' }], isAllowedAt: () => false }),
  ];

  expect(broken({ ...goodRun(), calls: [change], instances })).toEqual(['B']);
});

test('B: a power change in mode observe is seen', () => {
  expect(broken({ ...goodRun(), items: [record('e1', { mode: 'observe' })] })).toEqual(['B']);
  expect(broken({ ...goodRun(), items: [record('e1', { mode: 'act' })] })).toEqual([]);
});

test('B: a power change after the kill switch was put on is seen, one before it is none', () => {
  const at = (minutes: number) => new Date(minutes * minute).toISOString();
  const run = (on: boolean, minutes: number) => ({
    ...goodRun(),
    items: [record('e1'), { pk: 'CONTROL', sk: 'KILL_SWITCH', on, at: at(minutes) }],
  });

  expect(broken(run(true, 1))).toEqual(['B']);
  expect(broken(run(true, 3))).toEqual(['B']);
  expect(broken(run(true, 5))).toEqual([]);
  expect(broken(run(false, 1))).toEqual([]);
});

test('D: a power change by an execution that never took the lease is seen', () => {
  const path = [{ state: 'Read alarm', at: 0 }];

  expect(broken({ ...goodRun(), executions: [execution('e1', { path })] })).toEqual(['D']);
});

test('B: an interface that was opened may be put back after the owner said no', () => {
  const change = (at: number) => call('ModifyNetworkInterfaceAttribute', 'e1', at, { resources: ['eni-1'] });
  const instances = [
    instance({
      interfaces: [{ networkInterfaceId: 'eni-1', traffic: 'by-rules' }],
      isAllowedAt: (at) => at < 3 * minute,
    }),
  ];

  expect(broken({ ...goodRun(), calls: [change(2 * minute), change(4 * minute)], instances })).toEqual([]);
});

test.each<[string, Record<string, unknown>[]]>([
  ['no record', []],
  ['two records', [record('e1'), record('e1', { incidentId: 'inc-2' })]],
  ['an open record', [record('e1', { status: 'OPEN' })]],
  ['a reason that nobody understands', [record('e1', { reason: 'err' })]],
])('C: %s is seen', (_what, items) => {
  expect(broken({ ...goodRun(), items })).toEqual(['C']);
});

test('C: an incident that leaves its notice to one without a notice is seen', () => {
  const teller = record('e2', { incidentId: 'inc-told', trigger: 'storm', noticeSentAt: '2026-11-24T02:09:00Z' });
  const told = record('e1', { extra: { notes: [], toldBy: 'inc-told' } });

  expect(broken({ ...goodRun(), items: [told, teller] })).toEqual([]);
  expect(broken({ ...goodRun(), items: [told, { ...teller, noticeSentAt: undefined }] })).toEqual(['C']);
  expect(broken({ ...goodRun(), items: [told] })).toEqual(['C']);
});

test('C: a second delivery owns no record', () => {
  const twin = execution('e2', { path: [{ state: 'Already handled', at: 1 }] });

  expect(broken({ ...goodRun(), executions: [execution('e1'), twin] })).toEqual([]);
});

test('D: two incidents that change one instance in turns are seen', () => {
  const calls = [call('StopInstances', 'e1', 2), call('RebootInstances', 'e2', 3), call('StartInstances', 'e1', 4)];

  expect(
    broken({
      ...goodRun(),
      calls,
      executions: [execution('e1'), execution('e2')],
      items: [record('e1'), record('e2')],
    }),
  ).toEqual(['D']);
});

test('D: one that changes an instance while the other has not closed is seen, one that comes after it is none', () => {
  const closing = {
    path: [
      { state: 'Take lease', at: 0 },
      { state: 'Plan action', at: 0 },
      { state: 'Close incident', at: 5 * minute },
    ],
  };
  const run = (at: number) => ({
    ...goodRun(),
    calls: [call('StopInstances', 'e1', 2), call('StartInstances', 'e1', 3), call('RebootInstances', 'e2', at)],
    executions: [execution('e1', closing), execution('e2')],
    items: [record('e1'), record('e2')],
  });

  expect(broken(run(4 * minute))).toEqual(['D']);
  expect(broken(run(6 * minute))).toEqual([]);
});

describe('E: an instance that we left stopped', () => {
  const left = (change: Record<string, unknown>): RunFacts => ({
    ...goodRun(),
    calls: [call('StopInstances', 'e1', 2 * minute)],
    items: [record('e1', change)],
    instances: [instance({ state: 'stopped' })],
  });

  test('needs an escalation', () => expect(broken(left({}))).toEqual(['E']));
  test('needs a page', () => expect(broken(left({ outcome: 'ESCALATED', noticeSentAt: undefined }))).toEqual(['E']));
  test('is told when the notice is sent', () => expect(broken(left({ outcome: 'ESCALATED' }))).toEqual([]));
  test('is told when the notice is due', () => {
    expect(broken(left({ outcome: 'ESCALATED', noticeSentAt: undefined, noticeState: 'PENDING' }))).toEqual([]);
  });
});

test('E: an instance whose start was taken back before it ran was left stopped too', () => {
  const went = (state: string, at: number) => ({ state, at: at * minute });
  const states = [went('running', 0), went('stopping', 2), went('stopped', 3), went('pending', 4), went('stopped', 5)];
  const ran = [...states.slice(0, 4), went('running', 5), went('stopping', 6), went('stopped', 7)];

  expect(broken({ ...goodRun(), instances: [instance({ state: 'stopped', states })] })).toEqual(['E']);
  expect(broken({ ...goodRun(), instances: [instance({ state: 'stopped', states: ran })] })).toEqual([]);
});

describe('E: an instance that we left out of service', () => {
  const standby = (command: string, at: number) => call(command, 'e1', at, { service: 'auto-scaling' });
  const targets = (command: string, at: number) =>
    call(command, 'e1', at, {
      service: 'elbv2',
      input: { TargetGroupArn: 'arn', Targets: [{ Id: 'i-1' }] },
      resources: ['arn'],
    });
  const left = (calls: CallFact[], change: Record<string, unknown> = {}): RunFacts => ({
    ...goodRun(),
    calls,
    items: [record('e1', change)],
  });

  test.each<[string, CallFact, CallFact]>([
    ['Standby', standby('EnterStandby', 2), standby('ExitStandby', 4)],
    ['a target group', targets('DeregisterTargets', 2), targets('RegisterTargets', 4)],
  ])('(%s) is seen, unless the record says so; one that is back is none', (_what, out, back) => {
    const reason = 'The instance is out of service: put it back in service.';

    expect(broken(left([out]))).toEqual(['E']);
    expect(broken(left([out], { outcome: 'FAILED', reason }))).toEqual([]);
    expect(broken(left([out], { playbook: 'isolate-instance' }))).toEqual([]);
    expect(broken(left([out, back]))).toEqual([]);
  });
});

describe('F: an isolation', () => {
  const cut = call('ModifyNetworkInterfaceAttribute', 'e1', 2, { resources: ['eni-1'] });
  const saved = { pk: 'INCIDENT#inc-e1', sk: 'ENTRY#changed#interface#eni-1', before: { groupIds: ['sg-1'] } };
  const isolation = (
    traffic: InterfaceFact['traffic'],
    outcome: string,
    { items = [saved], calls = [cut] }: { items?: Record<string, unknown>[]; calls?: CallFact[] } = {},
  ): RunFacts => ({
    ...goodRun(),
    calls,
    items: [record('e1', { playbook: 'isolate-instance', instanceId: 'i-1', outcome }), ...items],
    instances: [instance({ interfaces: [{ networkInterfaceId: 'eni-1', traffic }] })],
  });

  test('that is whole breaks nothing', () => expect(broken(isolation('cut', 'CONTAINED'))).toEqual([]));
  test('that is called contained while an interface is not cut is seen', () => {
    expect(broken(isolation('by-rules', 'CONTAINED'))).toEqual(['F']);
  });
  test('that is PARTIAL is none', () => expect(broken(isolation('by-rules', 'PARTIAL'))).toEqual([]));
  test('that ends as skipped after a change is seen', () => {
    expect(broken(isolation('by-rules', 'SKIPPED'))).toEqual(['F']);
  });
  test('that leaves an interface open to all without saying so is seen', () => {
    expect(broken(isolation('open', 'PARTIAL'))).toEqual(['F']);
  });
  test('that did not save what it changed is seen', () => {
    expect(broken(isolation('cut', 'CONTAINED', { items: [] }))).toEqual(['F']);
  });
  test('that was released since is not asked what is cut now', () => {
    const release = call('ModifyNetworkInterfaceAttribute', 'e2', 9, { resources: ['eni-1'] });
    const run = isolation('by-rules', 'CONTAINED', { calls: [cut, release] });
    const items = [...run.items, record('e2')];

    expect(broken({ ...run, items, executions: [execution('e1'), execution('e2')] })).toEqual([]);
  });
});

describe('F: a release', () => {
  const restore = call('ModifyNetworkInterfaceAttribute', 'e1', 2, { resources: ['eni-1'] });
  const released = (traffic: InterfaceFact['traffic'], calls: CallFact[] = [restore]): RunFacts => ({
    ...goodRun(),
    calls,
    items: [record('e1', { playbook: 'release-instance', instanceId: 'i-1', outcome: 'RELEASED' }), record('e2')],
    executions: [execution('e1'), execution('e2')],
    instances: [instance({ interfaces: [{ networkInterfaceId: 'eni-1', traffic }] })],
  });

  test('that restored the groups breaks nothing', () => expect(broken(released('by-rules'))).toEqual([]));
  test.each(['cut', 'open'] as const)('that is called released while an interface is %s is seen', (traffic) => {
    expect(broken(released(traffic))).toEqual(['F']);
  });
  test('after which somebody isolated the instance again is not asked what is cut now', () => {
    const again = call('ModifyNetworkInterfaceAttribute', 'e2', 9, { resources: ['eni-1'] });

    expect(broken(released('cut', [restore, again]))).toEqual([]);
  });
});

test('G: planted input and lines that are no JSON are seen', () => {
  expect(broken({ ...goodRun(), logs: ['{"name":"$(reboot)"}'] })).toEqual(['G']);
  expect(broken({ ...goodRun(), logs: ['plain text'] })).toEqual(['G']);
});

test('H: an execution that has not ended, or too late, is seen', () => {
  expect(broken({ ...goodRun(), executions: [execution('e1', { endedAt: undefined })] })).toEqual(['H']);
  expect(broken({ ...goodRun(), executions: [execution('e1', { endedAt: 61 * minute })] })).toEqual(['H']);
});

test('K: more incidents than the breaker allows within a window are seen', () => {
  const ids = ['e1', 'e2', 'e3'];
  const calls = ids.map((id, index) => call('RebootInstances', id, index, { resources: [`i-${index}`] }));
  const run = { ...goodRun(), calls, executions: ids.map((id) => execution(id)), items: ids.map((id) => record(id)) };

  expect(broken(run)).toEqual(['K']);
});

describe('P: one at a time where others depend on it', () => {
  const inZone = (instanceId: string, change: Partial<InstanceFact> = {}) =>
    instance({ instanceId, places: { zone: 'us-east-1a', groups: ['tag web'] }, ...change });
  const stopOf = (instanceId: string, by: string, at: number) =>
    call('StopInstances', by, at, { resources: [instanceId] });
  const run = (change: Partial<RunFacts>): RunFacts => ({
    ...goodRun(),
    executions: [execution('e1'), execution('e2')],
    items: [record('e1'), record('e2')],
    ...change,
  });
  const whys = (facts: RunFacts) =>
    checkInvariants(facts)
      .filter(({ invariant }) => invariant === 'P')
      .map(({ what }) => what.replace(/^StopInstances \(call \d+\) stopped i-\d /, ''));

  test('a second stop in a zone or a group while the first instance is down is seen', () => {
    const calls = [stopOf('i-1', 'e1', 2 * minute), stopOf('i-2', 'e2', 3 * minute)];

    expect(whys(run({ calls, instances: [inZone('i-1', { states: [] }), inZone('i-2')] }))).toEqual([
      'while i-1 was down in the same zone or group',
    ]);
    const elsewhere = { zone: 'us-east-1b', groups: [] };
    expect(
      whys(run({ calls, instances: [inZone('i-1', { states: [] }), inZone('i-2', { places: elsewhere })] })),
    ).toEqual([]);
  });

  test('once the first is running again, a second one is no violation', () => {
    const calls = [stopOf('i-1', 'e1', 2 * minute), stopOf('i-2', 'e2', 6 * minute)];
    const back = { states: [{ at: 5 * minute, state: 'running' }] };

    expect(whys(run({ calls, instances: [inZone('i-1', back), inZone('i-2')] }))).toEqual([]);
  });

  test('a stop while AWS Health has an open issue there is seen; one in another zone, or after its end, is none', () => {
    const issue = { from: 0, to: 60 * minute, instanceIds: ['i-1'], isWide: true };
    const neighbour = inZone('i-2', { places: { zone: 'us-east-1a', groups: [] } });
    const at = (time: number, change: object = {}, place = neighbour) =>
      run({
        calls: [stopOf('i-2', 'e2', time)],
        instances: [inZone('i-1'), place],
        issues: [{ ...issue, ...change }],
      });
    const seen = ['while AWS Health had an open issue there'];

    expect(whys(at(30 * minute))).toEqual(seen);
    expect(whys(at(30 * minute, { instanceIds: [] }))).toEqual(seen);
    expect(whys(at(61 * minute))).toEqual([]);
    expect(whys(at(30 * minute, { isWide: false }))).toEqual([]);
    expect(whys(at(30 * minute, { isWide: false, instanceIds: ['i-2'] }))).toEqual(seen);
    const elsewhere = inZone('i-2', { places: { zone: 'us-east-1b', groups: [] } });
    expect(whys(at(30 * minute, {}, elsewhere))).toEqual([]);
  });

  test('a stop soon after a start in the zone was refused is seen, a quarter of an hour later it is none', () => {
    const refused = call('StartInstances', 'e1', 4 * minute, {
      result: 'error',
      errorName: 'InsufficientInstanceCapacity',
      effective: false,
      input: { InstanceIds: ['i-1'] },
    });
    const at = (time: number) =>
      run({
        calls: [refused, stopOf('i-2', 'e2', time)],
        instances: [inZone('i-1', { places: { zone: 'us-east-1a', groups: [] } }), inZone('i-2')],
      });

    expect(whys(at(5 * minute))).toEqual(['in us-east-1a, where the last start was refused']);
    expect(whys(at(19 * minute))).toEqual([]);
  });
});

test('B: a tag counts from when EC2 shows it for changes that IAM does not check, and at once for power changes', () => {
  const protectedAt = 2 * minute;
  const owned = instance({ isAllowedAt: (at) => at < protectedAt, isEligibleAt: (at) => at < protectedAt });
  const move = call('EnterStandby', 'e1', protectedAt + 9_000, { service: 'auto-scaling' });
  const run = { ...goodRun(), calls: [move], instances: [owned] };

  expect(broken(run)).toContain('B');
  expect(broken({ ...run, tagsLateMs: 12_000 })).not.toContain('B');
  expect(broken({ ...run, calls: [call('StopInstances', 'e1', protectedAt + 9_000)], tagsLateMs: 12_000 })).toContain(
    'B',
  );
});
