import type {
  CallFact,
  ExecutionFact,
  InstanceFact,
  PlaceFact,
  RunFacts,
  SessionFact,
} from '../../../drill/check/facts';
import { checkInvariants } from '../../../drill/check/invariants';
import { originOf } from '../../../drill/check/origin';
import { policySchema } from '../../../drill/cloud/iam/policy';
import { sessionPolicyOf } from '../../../functions/place/session-policy';

const minute = 60_000;
const own = { account: '123456789012', region: 'us-east-1' };
const spoke = { account: '210987654321', region: 'us-east-1' };
const instanceId = 'i-0123456789abcdef0';

const session = (change: Partial<SessionFact> = {}): SessionFact => ({
  roleName: 'incident-playbooks-dev-spoke-power',
  tags: { incident: 'inc-1', instance: instanceId },
  policy: policySchema.parse(JSON.parse(sessionPolicyOf('power', spoke, instanceId)!)).Statement,
  ...change,
});

const change = (command: string, at: number, more: Partial<CallFact> = {}): CallFact => ({
  seq: at,
  at,
  service: 'ec2',
  command,
  input: {},
  caller: { functionName: 'f', executionId: 'e1', stateName: 's' },
  ...spoke,
  session: session(),
  result: 'ok',
  mutating: true,
  effective: true,
  resources: [instanceId],
  ...more,
});

const instance = (place: PlaceFact, more: Partial<InstanceFact> = {}): InstanceFact => ({
  instanceId,
  ...place,
  state: 'running',
  states: [{ at: 0, state: 'running' }],
  interfaces: [],
  isAllowedAt: () => true,
  isEligibleAt: () => true,
  ...more,
});

const execution = (more: Partial<ExecutionFact> = {}): ExecutionFact => ({
  id: 'e1',
  machine: 'restart-instance',
  status: 'SUCCEEDED',
  startedAt: 0,
  endedAt: 10 * minute,
  origin: spoke,
  path: [
    { state: 'Take lease', at: 0 },
    { state: 'Plan action', at: minute },
    { state: 'Close incident', at: 9 * minute },
    { state: 'Done', at: 10 * minute },
  ],
  ...more,
});

const record = (more: Record<string, unknown> = {}) => ({
  sk: 'RECORD',
  executionId: 'e1',
  incidentId: 'inc-1',
  instanceId,
  place: spoke,
  trigger: 'alarm',
  status: 'CLOSED',
  outcome: 'RESOLVED',
  reason: 'After the stop and start the alarm is OK.',
  noticeSentAt: '2026-11-24T02:10:00.000Z',
  ...more,
});

const stop = (more: Partial<CallFact> = {}) => change('StopInstances', 2 * minute, more);
const start = (more: Partial<CallFact> = {}) => change('StartInstances', 4 * minute, more);

/** A good run: an instance of a spoke is stopped and started, and the same ID of the own account is not. */
const goodRun = (more: Partial<RunFacts> = {}): RunFacts => ({
  own,
  calls: [stop(), start()],
  executions: [execution()],
  items: [record()],
  notices: [],
  instances: [instance(own), instance(spoke)],
  ceilings: new Map([['restart-instance', 3600]]),
  logs: [],
  planted: [],
  circuitBreaker: { limit: 2, windowMs: 30 * minute },
  ...more,
});

const broken = (facts: RunFacts) => [...new Set(checkInvariants(facts).map(({ invariant }) => invariant))];
const said = (facts: RunFacts) => checkInvariants(facts).map(({ what }) => what);

// row 71: the same instance ID in two places.

test('a good run in a spoke breaks nothing', () => {
  expect(checkInvariants(goodRun())).toEqual([]);
});

test('a run in the own account needs no session', () => {
  const here = { ...own, session: undefined };

  expect(
    broken(
      goodRun({
        calls: [stop(here), start(here)],
        executions: [execution({ origin: own })],
        items: [record({ place: undefined })],
      }),
    ),
  ).toEqual([]);
});

test.each<[string, Partial<CallFact>]>([
  ['with the own credentials', { ...own, session: undefined }],
  ['in a third account', { account: '333333333333' }],
  ['in another region', { region: 'eu-west-1' }],
  ['without a session', { session: undefined }],
  ['without a session policy', { session: session({ policy: undefined! }) }],
  ['in the session of another incident', { session: session({ tags: { incident: 'inc-2', instance: instanceId } }) }],
  [
    'in the session of another instance',
    { session: session({ tags: { incident: 'inc-1', instance: 'i-0aaaaaaaaaaaaaaaa' } }) },
  ],
  [
    'in a session whose policy reaches every instance',
    {
      session: session({
        policy: [
          {
            Effect: 'Allow',
            Action: ['ec2:*'],
            Resource: [`arn:aws:ec2:us-east-1:${spoke.account}:instance/*`],
            Condition: {},
          },
        ],
      }),
    },
  ],
  [
    'in a session whose policy names no resource',
    {
      session: session({
        policy: [{ Effect: 'Allow', Action: ['ec2:StopInstances'], Resource: ['*'], Condition: {} }],
      }),
    },
  ],
])('O: a stop %s is seen', (_what, how) => {
  const run = goodRun({ calls: [stop(how), start()] });

  expect(broken(run)).toContain('O');
  expect(broken(goodRun({ calls: [stop({ ...how, effective: false }), start()] }))).not.toContain('O');
});

/** A second listed spoke, and a session there for the same incident and the same instance ID. */
const otherSpoke = { account: '321098765432', region: 'us-east-1' };
const policyIn = (place: PlaceFact) =>
  policySchema.parse(JSON.parse(sessionPolicyOf('power', place, instanceId)!)).Statement;

test.each<[string, Partial<CallFact>]>([
  ['in the hub, with the instance ID of the spoke', { ...own, session: undefined }],
  ['in another listed spoke', { ...otherSpoke, session: session({ policy: policyIn(otherSpoke) }) }],
  ['in the spoke with keys of the hub, after its role was lost', { session: undefined }],
  ['in the hub, after the role of the spoke was lost', { ...own, session: undefined, at: 4 * minute }],
])('O: of two listed spokes, the second call of an incident %s is seen', (_what, how) => {
  const run = goodRun({
    calls: [stop(), start(how)],
    instances: [instance(own), instance(spoke), instance(otherSpoke)],
  });

  expect(broken(run)).toContain('O');
  expect(said(run).find((what) => what.startsWith('StartInstances'))).toContain(how.account ?? spoke.account);
});

test('O: two incidents that act in each other’s spoke are both seen', () => {
  const of = (id: string, incident: string) => ({
    caller: { functionName: 'f', executionId: id, stateName: 's' },
    session: session({ tags: { incident, instance: instanceId } }),
  });
  const run = goodRun({
    calls: [stop({ ...of('e1', 'inc-1'), ...otherSpoke }), stop({ ...of('e2', 'inc-2'), seq: 7 })],
    executions: [execution(), execution({ id: 'e2', origin: otherSpoke })],
    items: [record(), record({ executionId: 'e2', incidentId: 'inc-2', place: otherSpoke })],
    instances: [instance(own), instance(spoke), instance(otherSpoke)],
  });

  expect(said(run).filter((what) => what.includes('but its incident is of'))).toHaveLength(2);
});

test('O: an incident that was taken for one of the own account is seen, though all of its calls agree', () => {
  const here = { ...own, session: undefined };
  const run = goodRun({ calls: [stop(here), start(here)], items: [record({ place: undefined })] });

  expect(said(run)).toEqual([
    expect.stringContaining('but its event is of account 210987654321'),
    expect.stringContaining('but its event is of account 210987654321'),
  ]);
});

test('O: any change for an alarm that watches a metric of another account is seen', () => {
  expect(broken(goodRun({ executions: [execution({ origin: 'none' })] }))).toEqual(['O']);
});

test('O: a change in a spoke that belongs to no incident is seen, but for alarms of enrolment', () => {
  const nobody = { caller: { functionName: 'f', executionId: 'events', stateName: 's' } };
  const put = { ...nobody, service: 'cloudwatch', resources: ['alarm'] };
  const roleName = 'incident-playbooks-dev-spoke-alarms';
  const withCall = (one: CallFact) => goodRun({ calls: [stop(), start(), one] });

  expect(broken(withCall(change('CreateTags', 5 * minute, nobody)))).toEqual(['O']);
  expect(broken(withCall(change('PutMetricAlarm', 5 * minute, put)))).toEqual(['O']);
  expect(broken(withCall(change('PutMetricAlarm', 5 * minute, { ...put, session: session({ roleName }) })))).toEqual(
    [],
  );
});

test('each place is checked by itself: what is left down in a spoke is not hidden by the same ID elsewhere', () => {
  const down = instance(spoke, {
    state: 'stopped',
    states: [
      { at: 0, state: 'running' },
      { at: 2 * minute, state: 'stopped' },
    ],
  });

  expect(broken(goodRun({ calls: [stop()], instances: [instance(own), down] }))).toEqual(['E']);
  expect(broken(goodRun({ calls: [stop()], instances: [down, instance(own)] }))).toEqual(['E']);
});

test('two incidents may work on the same ID in two places at once, and not in one', () => {
  const second = { caller: { functionName: 'f', executionId: 'e2', stateName: 's' } };
  const two = {
    executions: [execution(), execution({ id: 'e2', origin: own })],
    items: [record(), record({ executionId: 'e2', incidentId: 'inc-2', place: undefined })],
  };
  const here = { ...own, session: undefined, ...second };

  expect(
    broken(goodRun({ ...two, calls: [stop(), stop({ ...here, seq: 7 }), start(), start({ ...here, seq: 8 })] })),
  ).toEqual([]);
  expect(broken(goodRun({ ...two, calls: [stop(), stop({ ...second, seq: 7 }), start()] }))).toEqual(
    expect.arrayContaining(['D', 'O']),
  );
});

/** So many incidents that restart an instance of their own in an account, all at once. */
function restartsIn(place: PlaceFact, count: number) {
  const ids = Array.from({ length: count }, (_, n) => `${place.account}-${n}`);
  const of = (id: string, command: string, at: number) =>
    change(command, at, {
      ...place,
      caller: { functionName: 'f', executionId: id, stateName: 's' },
      resources: [id],
      session: place === own ? undefined : session({ tags: { incident: `inc-${id}`, instance: id } }),
    });
  return {
    calls: ids.flatMap((id) => [of(id, 'StopInstances', 2 * minute), of(id, 'StartInstances', 4 * minute)]),
    executions: ids.map((id) => execution({ id, origin: place })),
    items: ids.map((id) => record({ executionId: id, incidentId: `inc-${id}`, instanceId: id, place })),
    instances: ids.map((id) => instance(place, { instanceId: id })),
  };
}

test.each([
  ['K of an account', [2], []],
  ['more than K of one', [3], ['K']],
  ['K of each of two accounts', [2, 2], []],
  ['K of each of three, more than 2 K together', [2, 2, 2], ['K']],
])('K: %s', (_what, counts, found) => {
  const runs = counts.map((count, n) => restartsIn(n === 0 ? own : { ...spoke, account: `21098765432${n}` }, count));
  const joined = goodRun({
    calls: runs.flatMap(({ calls }) => calls),
    executions: runs.flatMap(({ executions }) => executions),
    items: runs.flatMap(({ items }) => items),
    instances: runs.flatMap(({ instances }) => instances),
  });

  expect(broken(joined).filter((one) => one === 'K')).toEqual(found);
});

test.each([
  ['an alarm', { source: 'aws.cloudwatch', ...spoke, detail: {} }, spoke],
  [
    'an alarm on a metric of its own account',
    { source: 'aws.cloudwatch', ...spoke, detail: { configuration: { metrics: [{ accountId: spoke.account }] } } },
    spoke,
  ],
  [
    'an alarm on a metric of another account',
    { source: 'aws.cloudwatch', ...own, detail: { configuration: { metrics: [{ accountId: spoke.account }] } } },
    'none',
  ],
  [
    'an administrator’s copy of a finding',
    { source: 'aws.guardduty', ...own, detail: { accountId: spoke.account, region: 'us-east-1' } },
    spoke,
  ],
  [
    'an event of Health',
    { source: 'aws.health', ...own, detail: { affectedAccount: spoke.account, eventRegion: 'us-east-1' } },
    spoke,
  ],
  ['a manual start', { start: 'manual', instanceId }, undefined],
])('the origin of %s is in the field that AWS documents for it', (_what, input, place) => {
  expect(originOf(input)).toEqual(place);
});
