import type { Environment } from '../../functions/containment/environment';
import { type IsolationEvidence, judgeIsolation } from '../../functions/containment/isolation-verdict';
import { differences } from '../../functions/containment/release-verdict';
import { quarantineTag } from '../../functions/guard/tags';

const incidentId = 'inc-1';
const quarantineProfileArn = 'arn:aws:iam::123456789012:instance-profile/quarantine';
const instance: Environment['instance'] = {
  instanceId: 'i-0123456789abcdef0',
  state: 'running',
  launchedAt: '2026-03-01T00:00:00.000Z',
  tags: {},
  rootDeviceType: 'ebs',
  instanceType: 't3.medium',
  isSpot: false,
  volumeIds: ['vol-1', 'vol-2'],
  hasElasticIp: true,
  hibernation: false,
};
const address = {
  allocationId: 'eipalloc-1',
  associationId: 'eipassoc-1',
  publicIp: '203.0.113.7',
  networkInterfaceId: 'eni-1',
  privateIp: '10.0.0.5',
};
const before: Environment = {
  instance,
  terminationProtected: false,
  interfaces: [
    { networkInterfaceId: 'eni-1', vpcId: 'vpc-1', groupIds: ['sg-a', 'sg-b'] },
    { networkInterfaceId: 'eni-2', vpcId: 'vpc-2', groupIds: ['sg-c'] },
  ],
  volumes: [
    { volumeId: 'vol-1', deviceName: '/dev/xvda', deleteOnTermination: true },
    { volumeId: 'vol-2', deviceName: '/dev/xvdb', deleteOnTermination: false },
  ],
  addresses: [address],
  profile: { associationId: 'iip-1', arn: 'arn:aws:iam::123456789012:instance-profile/web' },
  metadata: { HttpEndpoint: 'enabled', HttpTokens: 'required', isApplied: true },
};
const after: Environment = {
  ...before,
  instance: { ...instance, tags: { [quarantineTag]: incidentId } },
  terminationProtected: true,
  interfaces: [
    { networkInterfaceId: 'eni-1', vpcId: 'vpc-1', groupIds: ['sg-closed-1'] },
    { networkInterfaceId: 'eni-2', vpcId: 'vpc-2', groupIds: ['sg-closed-2'] },
  ],
  volumes: before.volumes.map((one) => ({ ...one, deleteOnTermination: false })),
  addresses: [],
  profile: { associationId: 'iip-2', arn: quarantineProfileArn },
  metadata: { HttpEndpoint: 'disabled', isApplied: true },
};
const seen = (state = 'completed') => [
  { snapshotId: 'snap-1', volumeId: 'vol-1', state },
  { snapshotId: 'snap-2', volumeId: 'vol-2', state: 'completed' },
];
const look = (found: ReturnType<typeof seen>) =>
  ({ startedAt: '', verdict: 'DONE', seen: found }) as unknown as IsolationEvidence['snapshots'];
const whole: IsolationEvidence = {
  incidentId,
  before,
  after,
  plan: { detachAddresses: true, swapProfile: true, switchMetadataOff: true, endSessions: true },
  pairs: [
    { vpcId: 'vpc-1', openGroupId: 'sg-open-1', closedGroupId: 'sg-closed-1' },
    { vpcId: 'vpc-2', openGroupId: 'sg-open-2', closedGroupId: 'sg-closed-2' },
  ],
  snapshots: look(seen()),
  untracked: ['eni-1', 'eni-2'],
  evidenceKept: true,
  evidenceLocked: true,
  secured: { missing: [], notes: [] },
  leaving: { verdict: 'DONE' },
  sessions: 'revoked',
  sessionsEnded: true,
  quarantineProfileArn,
  wasStopped: false,
  failures: [],
};
const judged = (change: Partial<IsolationEvidence> = {}) => judgeIsolation({ ...whole, ...change });
const now = (change: Partial<Environment>) => ({ after: { ...after, ...change } });
const nowInstance = (change: Partial<Environment['instance']>) => now({ instance: { ...after.instance, ...change } });
const interfaces = (change: Partial<Environment['interfaces'][number]>) =>
  now({ interfaces: [{ ...after.interfaces[0]!, ...change }, after.interfaces[1]!] });

test('an isolation whose every step is verified is contained', () => {
  expect(judged()).toMatchObject({
    missing: [],
    conclusion: {
      outcome: 'CONTAINED',
      code: 'isolated',
      reason:
        'The instance is isolated: 2 network interfaces cut off, every step verified. To undo it, start a release.',
    },
  });
});

test.each<[string, Partial<IsolationEvidence>]>([
  [
    'the profile stays, as planned',
    { plan: { ...whole.plan, swapProfile: false }, ...now({ profile: before.profile }) },
  ],
  [
    'the address stays, as planned',
    { plan: { ...whole.plan, detachAddresses: false }, ...now({ addresses: [address] }) },
  ],
  [
    'metadata stay on, as planned',
    { plan: { ...whole.plan, switchMetadataOff: false }, ...now({ metadata: before.metadata }) },
  ],
  ['open sessions go on, as planned', { plan: { ...whole.plan, endSessions: false }, sessionsEnded: false }],
  ['the stage has no bucket for evidence', { evidenceLocked: undefined }],
  ['the stage neither locks nor shares snapshots', { secured: undefined }],
  ['nobody was asked about the sessions of its role', { sessions: 'not-asked' }],
  ['the sessions of its role were not approved', { sessions: 'not-approved' }],
  [
    'it was stopped before',
    { before: { ...before, instance: { ...instance, state: 'stopped' } }, ...nowInstance({ state: 'stopped' }) },
  ],
  [
    'a restart of ours had stopped it',
    { stoppedBy: 'inc-0', ...nowInstance({ launchedAt: '2026-03-02T00:00:00.000Z' }) },
  ],
])('it is contained, too, where %s', (_what, change) => {
  expect(judged(change)).toMatchObject({ missing: [], conclusion: { outcome: 'CONTAINED' } });
});

test.each<[string, Partial<IsolationEvidence>]>([
  ['snapshot of vol-1 (pending)', { snapshots: look(seen('pending')) }],
  ['snapshot of vol-1 (deleted; it can be recovered from the Recycle Bin)', { snapshots: look(seen('recoverable')) }],
  ['snapshot of vol-1 (being recovered from the Recycle Bin)', { snapshots: look(seen('recovering')) }],
  ['snapshot of vol-1 (missing)', { snapshots: look(seen().slice(1)) }],
  ['console output and network state', { evidenceKept: false }],
  ['locked copy of its evidence', { evidenceLocked: false }],
  ['lock of snap-1', { secured: { missing: ['lock of snap-1'], notes: [] } }],
  ['its memory (the instance was stopped during its isolation)', { wasStopped: true }],
  ['its memory (the instance was stopped during its isolation)', { wasStopped: true, stoppedBy: 'inc-0' }],
  ['its memory (the instance was stopped during its isolation)', nowInstance({ state: 'stopped' })],
  [
    'its memory (the instance was stopped during its isolation)',
    nowInstance({ launchedAt: '2026-03-02T00:00:00.000Z' }),
  ],
  ['quarantine tag', nowInstance({ tags: {} })],
  ['quarantine tag', nowInstance({ tags: { [quarantineTag]: 'inc-2' } })],
  ['termination protection', now({ terminationProtected: false })],
  ['termination protection (could not be read: no longer opted in)', now({ terminationProtected: undefined })],
  ['vol-1 is still deleted on termination', now({ volumes: before.volumes })],
  ['vol-2 is detached', now({ volumes: after.volumes.slice(0, 1) })],
  ['still in its Auto Scaling group or target groups', { leaving: undefined }],
  ['still in its Auto Scaling group or target groups', { leaving: { verdict: 'OVERDUE' } }],
  ['eni-1 belongs to an AWS service and cannot be cut off', interfaces({ isManaged: true })],
  ['eni-1 is not cut off', interfaces({ groupIds: ['sg-a'] })],
  ['eni-1 is not cut off', interfaces({ groupIds: ['sg-closed-1', 'sg-a'] })],
  ['eni-1 is not cut off', interfaces({ groupIds: ['sg-closed-2'] })],
  ['eni-1 is not cut off', interfaces({ vpcId: 'vpc-3' })],
  ['eni-1 is not cut off', interfaces({ groupIds: [] })],
  ['eni-1 IS OPEN TO ALL TRAFFIC', interfaces({ groupIds: ['sg-open-1'] })],
  ['eni-1 IS OPEN TO ALL TRAFFIC', interfaces({ groupIds: ['sg-closed-1', 'sg-open-1'] })],
  ['tracked flows of eni-1 may continue', { untracked: ['eni-2'] }],
  ['no network interface was found', now({ interfaces: [] })],
  ['Elastic IP 203.0.113.7 is still attached', now({ addresses: [address] })],
  ['instance profile is not replaced', now({ profile: before.profile })],
  ['instance profile is not replaced', now({ profile: undefined })],
  ['instance metadata service is not off', now({ metadata: before.metadata })],
  ['instance metadata service is not off', now({ metadata: { HttpEndpoint: 'disabled', isApplied: false } })],
  ['instance metadata service is not off', now({ metadata: undefined })],
  ['sessions of Systems Manager may still be open', { sessionsEnded: false }],
  ['sessions of its role are not revoked', { sessions: 'failed' }],
])('it is not contained without its %s', (what, change) => {
  expect(judged(change)).toMatchObject({
    missing: [what],
    conclusion: {
      outcome: 'PARTIAL',
      code: 'not-contained',
      reason: `Not contained. Missing: ${what}. The state before each change is in the record.`,
    },
  });
});

test('no snapshot at all misses one of each volume', () => {
  expect(judged({ snapshots: undefined }).missing).toEqual([
    'snapshot of vol-1 (missing)',
    'snapshot of vol-2 (missing)',
  ]);
});

test('all that is missing is listed, with the first error of a step', () => {
  const { conclusion } = judged({
    evidenceKept: false,
    sessions: 'failed',
    failures: ['cutOff: AccessDenied. ', 'snapshots: Throttled'],
  });

  expect(conclusion.reason).toBe(
    'Not contained. Missing: console output and network state; sessions of its role are not revoked. The state before each change is in the record. First failure: cutOff: AccessDenied.',
  );
});

test('a reason fits a record, however much is missing', () => {
  const volumes = Array.from({ length: 200 }, (_one, n) => ({ ...before.volumes[0]!, volumeId: `vol-${n}` }));

  expect(judged({ before: { ...before, volumes } }).conclusion.reason).toHaveLength(2000);
});

test('a Spot Instance has no termination protection, and that is no part of its isolation', () => {
  const spot = { before: { ...before, instance: { ...instance, isSpot: true } } };

  for (const terminationProtected of [false, undefined])
    expect(judged({ ...spot, ...now({ terminationProtected }) }).missing).toEqual([]);
  expect(judged(spot).notes).toContain(
    'EC2 does not support termination protection for Spot Instances; its volumes and snapshots are kept.',
  );
});

describe('the notes', () => {
  const always = [
    'Not cut: DNS queries to the Amazon resolver. A DNS Firewall covers a whole VPC, never one instance.',
    'Not cut: the Amazon Time Sync Service, DHCP and Windows activation, and credentials that the instance has fetched.',
    'Flows through a Network Load Balancer, NAT gateway, Network Firewall, interface endpoint or transit gateway stay tracked until they end or time out.',
    'Tunnels of an EC2 Instance Connect Endpoint last up to an hour, also after the credentials that opened them expire.',
  ];
  const snapshots = ['Snapshot of vol-1: snap-1', 'Snapshot of vol-2: snap-2'];

  test('say where the snapshots are, and what stays open', () => {
    expect(judged({ sessions: 'not-asked' }).notes).toEqual([...snapshots, ...always]);
    expect(judged({ sessions: 'not-asked', secured: undefined, snapshots: undefined }).notes).toEqual(always);
  });

  test.each<[string, Partial<IsolationEvidence>]>([
    ['Not cut: the instance metadata service.', now({ metadata: before.metadata })],
    ['Not cut: the instance metadata service.', now({ metadata: undefined })],
    ['Not cut: open sessions of Systems Manager.', { plan: { ...whole.plan, endSessions: false } }],
    [
      'Revoking the sessions of its role was not approved: they are valid until they expire.',
      { sessions: 'not-approved' },
    ],
    [
      'The revocation of the sessions of its role is in force within minutes: until then they may still be used.',
      { sessions: 'revoked' },
    ],
    ['Its Elastic IP stays attached, as the stage is configured.', { plan: { ...whole.plan, detachAddresses: false } }],
    ['Locked for 30 days.', { secured: { missing: [], notes: ['Locked for 30 days.'] } }],
    [
      'Incident inc-0, behind which the isolation waited, stopped the instance: its memory is lost.',
      { stoppedBy: 'inc-0', ...nowInstance({ launchedAt: '2026-03-02T00:00:00.000Z' }) },
    ],
  ])('say: %s', (note, change) => {
    expect(judged({ sessions: 'not-asked', ...change }).notes).toContain(note);
  });

  test('do not speak of an Elastic IP that it never had, nor of a stop that did not happen', () => {
    const plan = { ...whole.plan, detachAddresses: false };
    const { notes } = judged({ plan, before: { ...before, addresses: [] }, stoppedBy: 'inc-0' });

    expect(notes.join()).not.toMatch(/Elastic IP|memory is lost/);
  });
});

describe('a release restores what was saved', () => {
  type Saved = Parameters<typeof differences>[0][number];
  const differ = (saved: Saved, change: Partial<Environment> = {}) =>
    differences([saved], { ...before, ...change }, incidentId);
  const { associationId: _new, ...kept } = address;

  test.each<[Saved, Partial<Environment>]>([
    [{ kind: 'tag', id: '', before: {} }, { instance: after.instance }],
    [{ kind: 'tag', id: '', before: { value: 'inc-0' } }, {}],
    [{ kind: 'termination-protection', id: '', before: { enabled: false } }, { terminationProtected: true }],
    [{ kind: 'termination-protection', id: '', before: { enabled: false } }, { terminationProtected: undefined }],
    [{ kind: 'volumes', id: '', before: { volumes: before.volumes } }, { volumes: after.volumes }],
    [{ kind: 'volumes', id: '', before: { volumes: before.volumes } }, { volumes: before.volumes.slice(0, 1) }],
    [{ kind: 'interface', id: 'eni-1', before: before.interfaces[0] }, { interfaces: after.interfaces }],
    [{ kind: 'interface', id: 'eni-1', before: before.interfaces[0] }, { interfaces: [] }],
    [{ kind: 'address', id: 'eipalloc-1', before: address }, { addresses: [] }],
    [
      { kind: 'address', id: 'eipalloc-1', before: address },
      { addresses: [{ ...address, networkInterfaceId: 'eni-2' }] },
    ],
    [{ kind: 'address', id: 'eipalloc-1', before: address }, { addresses: [{ ...address, privateIp: '10.0.0.6' }] }],
    [
      { kind: 'address', id: 'eipalloc-1', before: address },
      { addresses: [{ ...address, allocationId: 'eipalloc-2' }] },
    ],
    [{ kind: 'profile', id: '', before: before.profile }, { profile: after.profile }],
    [{ kind: 'profile', id: '', before: before.profile }, { profile: undefined }],
    [{ kind: 'metadata', id: '', before: before.metadata }, { metadata: after.metadata }],
    [{ kind: 'metadata', id: '', before: before.metadata }, { metadata: undefined }],
  ])('%j is back only as it was: not with %j', (saved, change) => {
    expect(differ(saved)).toEqual(saved.kind === 'tag' && 'value' in (saved.before as object) ? ['tag'] : []);
    expect(differ(saved, change)).toEqual([saved.id ? `${saved.kind} ${saved.id}` : saved.kind]);
  });

  test('an address has a new association, and a metadata option may still be on its way', () => {
    const again = { ...kept, associationId: 'eipassoc-2' };

    expect(differ({ kind: 'address', id: 'eipalloc-1', before: address }, { addresses: [again] })).toEqual([]);
    const metadata = { ...before.metadata!, isApplied: false };
    expect(differ({ kind: 'metadata', id: '', before: before.metadata }, { metadata })).toEqual([]);
  });

  test('what other steps verify counts as back; a state that is not valid does not', () => {
    const sessions = { roleName: 'web', policyName: 'revoke' };

    expect(differ({ kind: 'sessions', id: '', before: sessions })).toEqual([]);
    expect(differ({ kind: 'sessions', id: '', before: {} })).toEqual(['sessions']);
    expect(differ({ kind: 'interface', id: 'eni-1', before: { groupIds: 'sg-a' } })).toEqual(['interface eni-1']);
  });
});
