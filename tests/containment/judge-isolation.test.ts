import type { Environment } from '../../functions/containment/environment';
import { handler } from '../../functions/containment/judge-isolation';
import { hashOfSaved } from '../../functions/containment/saved-hash';
import { quarantineTag } from '../../functions/guard/tags';
import { ec2 } from '../../functions/shared/clients/ec2';
import { type Answers, awsError } from '../fixtures/answering';
import { config } from '../fixtures/config';
import {
  answeringInstance,
  approvedIsolation,
  beforeIsolation,
  described,
  putItem,
  readItemOf,
  savedBefore,
} from '../fixtures/containing';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { startTable } from '../fixtures/table';

const quarantineArn = 'arn:aws:iam::123456789012:instance-profile/quarantine';
const at = '2026-11-24T02:00:00.000Z';
const before: Environment = {
  ...beforeIsolation,
  profile: { associationId: 'iip-1', arn: 'arn:aws:iam::123456789012:instance-profile/web' },
};
/** The same instance when everything about its isolation has worked. */
const isolated = (incidentId: string): Environment => ({
  ...before,
  instance: { ...before.instance, tags: { ...before.instance.tags, [quarantineTag]: incidentId } },
  terminationProtected: true,
  interfaces: [{ ...before.interfaces[0]!, groupIds: ['sg-closed'] }],
  volumes: [{ ...before.volumes[0]!, deleteOnTermination: false }],
  profile: { associationId: 'iip-2', arn: quarantineArn },
});
const group = (GroupId: string, side: string) => ({
  ...{ GroupId, VpcId: 'vpc-1' },
  Tags: [{ Key: 'incident-playbooks:quarantine-group', Value: side }],
});
const wait = { since: at, attempt: 1, waitSeconds: 10 };
const saved = {
  'changed#tag': { before: {}, what: 'Tagging' },
  'changed#profile': { before: before.profile, what: 'Swapping' },
};

let stop: () => Promise<void>;
let now: Environment;
let answers: Answers;
let asked: [string, unknown][];

beforeAll(async () => {
  ({ stop } = await startTable(config.TABLE_NAME));
});
afterAll(() => stop());
beforeEach(() => {
  setEnvironment({ QUARANTINE_PROFILE_ARN: quarantineArn });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  answers = {
    DescribeSecurityGroups: () => ({ SecurityGroups: [group('sg-open', 'open'), group('sg-closed', 'closed')] }),
  };
  asked = answeringInstance([ec2], () => {
    const { instance, answers: described_ } = described(now);
    return { instance, answers: { ...described_, ...answers } };
  });
});
afterEach(() => {
  for (const name of ['EVIDENCE_BUCKET', 'SNAPSHOT_LOCK', 'SNAPSHOT_LOCK_DAYS', 'EVIDENCE_ACCOUNT_ID'])
    delete process.env[name];
});

const entry = (incidentId: string, key: string, more: object = {}) => {
  const isEvidence = key.startsWith('changed#') || key === 'evidence-locked';
  const pk = `${isEvidence ? 'EVIDENCE' : 'INCIDENT'}#${incidentId}`;
  return putItem({ pk, sk: `ENTRY#${key}`, key, at, what: key, ...more });
};
/** An isolation whose every step has worked, as its last step is given it. */
async function whole(isEvidenceKept = true) {
  const incident = {
    ...(await approvedIsolation()),
    environment: before,
    isolationPlan: { detachAddresses: false, swapProfile: true },
    interfaces: [{ networkInterfaceId: 'eni-1', untracked: true }] as object[],
    snapshots: {
      ...wait,
      verdict: 'DONE',
      seen: [{ snapshotId: 'snap-1', volumeId: 'vol-1', state: 'completed' }],
    },
    leaving: { verdict: 'DONE' },
  };
  now = isolated(incident.incidentId);
  if (isEvidenceKept) await entry(incident.incidentId, 'evidence-kept');
  for (const [key, more] of Object.entries(saved)) await entry(incident.incidentId, key, more);
  return incident;
}
type Whole = Awaited<ReturnType<typeof whole>>;
const judge = (incident: object) => handler({ incident } as never, lambdaContext);
/** What an isolation misses that is whole but for a change of what its last step is given. */
const missing = async (change: Record<string, unknown>) => (await judge({ ...(await whole()), ...change })).missing;

test('an isolation is contained when EC2 shows every change; the end is recorded', async () => {
  const incident = await whole();

  expect(await judge(incident)).toMatchObject({
    missing: [],
    conclusion: { outcome: 'CONTAINED', code: 'isolated' },
  });
  expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'END#CONTAINED#isolated')).toBeDefined();
});

test('the list of all changes is saved with the hash of what was before, for the release', async () => {
  const incident = await whole();
  const { conclusion } = await judge(incident);
  const timeline = Object.entries(saved).map(([key, more]) => ({ key, at, ...more }));

  expect(await readItemOf(`EVIDENCE#${incident.incidentId}`, 'ENTRY#manifest')).toMatchObject({
    what: conclusion.reason,
    before: { changes: ['changed#profile', 'changed#tag'], sha256: hashOfSaved(timeline) },
  });
  expect(await savedBefore(incident.incidentId, 'tag')).toMatchObject({ before: {} });
});

test('what the step is given of the state now does not count: EC2 is asked again', async () => {
  const incident = await whole();
  now = { ...now, interfaces: before.interfaces };

  expect(await judge({ ...incident, after: isolated(incident.incidentId) })).toMatchObject({
    missing: ['eni-1 is not cut off'],
    conclusion: { outcome: 'PARTIAL', code: 'not-contained' },
  });
  expect(await readItemOf(`INCIDENT#${incident.incidentId}`, 'END#CONTAINED#isolated')).toBeUndefined();
});

test('a read that fails is an error, and no verdict', async () => {
  const incident = await whole();
  answers.DescribeSecurityGroups = () => {
    throw awsError('UnauthorizedOperation');
  };

  await expect(judge(incident)).rejects.toThrow();
  expect(await readItemOf(`EVIDENCE#${incident.incidentId}`, 'ENTRY#manifest')).toBeUndefined();
});

describe('an isolation is not contained', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['without snapshots', { snapshots: undefined }, 'snapshot of vol-1 (missing)'],
    ['while its instance is in service', { leaving: undefined }, 'still in its Auto Scaling group or target groups'],
    [
      'while flows may be tracked',
      { interfaces: [{ networkInterfaceId: 'eni-1', untracked: false }] },
      'tracked flows of eni-1 may continue',
    ],
    ['where no interface was cut off', { interfaces: undefined }, 'tracked flows of eni-1 may continue'],
    [
      'while the metadata service is on that was to be off',
      { isolationPlan: { detachAddresses: false, swapProfile: true, switchMetadataOff: true } },
      'instance metadata service is not off',
    ],
    [
      'while sessions may be open that were to be ended',
      { isolationPlan: { detachAddresses: false, swapProfile: true, endSessions: true } },
      'sessions of Systems Manager may still be open',
    ],
  ])('%s', async (_when, change, what) => {
    expect(await missing(change)).toEqual([what]);
  });

  test('unless the record says that its evidence was kept', async () => {
    expect((await judge(await whole(false))).missing).toEqual(['console output and network state']);
  });

  test('if somebody stopped its instance meanwhile, according to the record', async () => {
    const incident = await whole();
    await entry(incident.incidentId, 'host-stopped');

    expect((await judge(incident)).missing).toEqual(['its memory (the instance was stopped during its isolation)']);
  });

  test('if a stop shows in the launch time, unless a restart stopped it behind which the isolation waited', async () => {
    const lost = ['its memory (the instance was stopped during its isolation)'];
    const [one, two] = [await whole(), await whole()];
    const restarted = (incident: Whole) => {
      const environment = isolated(incident.incidentId);
      return { ...environment, instance: { ...environment.instance, launchedAt: '2026-11-24T02:30:00.000Z' } };
    };
    const restart = `${one.incidentId}-restart`;
    await entry(one.incidentId, 'behind', { before: { holder: restart } });
    now = restarted(one);
    expect((await judge(one)).missing).toEqual(lost);

    await entry(two.incidentId, 'behind', { before: { holder: restart } });
    await entry(restart, 'stop-requested');
    now = restarted(two);
    const { missing: found, notes } = await judge(two);
    expect(found).toEqual([]);
    expect(notes).toContain(
      `Incident ${restart}, behind which the isolation waited, stopped the instance: its memory is lost.`,
    );
  });
});

describe('the evidence of a stage with a bucket', () => {
  beforeEach(() => {
    process.env.EVIDENCE_BUCKET = 'evidence';
  });
  const hash = hashOfSaved(Object.entries(saved).map(([key, more]) => ({ key, at, ...more })));

  test('is there once a locked copy has the saved states as they are', async () => {
    const incident = await whole();
    await entry(incident.incidentId, 'evidence-locked', { before: { saved: hash } });

    expect((await judge(incident)).missing).toEqual([]);
  });

  test.each<[string, object | undefined]>([
    ['without a copy', undefined],
    ['with a copy of other states', { saved: 'f'.repeat(64) }],
    ['with a copy that says nothing of them', {}],
  ])('is missing %s', async (_what, copy) => {
    const incident = await whole();
    if (copy) await entry(incident.incidentId, 'evidence-locked', { before: copy });

    expect((await judge(incident)).missing).toEqual(['locked copy of its evidence']);
  });
});

test('snapshots that the stage locks and shares are asked about, as far as they are complete', async () => {
  Object.assign(process.env, {
    SNAPSHOT_LOCK: 'governance',
    SNAPSHOT_LOCK_DAYS: '30',
    EVIDENCE_ACCOUNT_ID: '999988887777',
  });
  Object.assign(answers, { DescribeLockedSnapshots: () => ({}), DescribeSnapshotAttribute: () => ({}) });
  const seen = [
    { snapshotId: 'snap-1', volumeId: 'vol-1', state: 'completed' },
    { snapshotId: 'snap-2', volumeId: 'vol-2', state: 'error' },
  ];

  expect(await missing({ snapshots: { ...wait, verdict: 'DONE', seen } })).toEqual([
    'lock of snap-1',
    'snap-1 shared with account 999988887777',
  ]);
  expect(asked.find(([name]) => name === 'DescribeLockedSnapshots')?.[1]).toEqual({ SnapshotIds: ['snap-1'] });
});

describe('the sessions of its role', () => {
  const approval = (verdict: string) => ({ sessionsApproval: { verdict, subject: 'revoke-sessions', at } });
  const failure = { Error: 'AccessDenied', Cause: JSON.stringify({ errorMessage: 'not allowed' }) };
  const notRevoked = ['sessions of its role are not revoked'];

  test.each<[string, Record<string, unknown>, string[], string | undefined]>([
    ['were not asked about', {}, [], undefined],
    ['could not be asked about', { failures: { askSessions: failure } }, notRevoked, undefined],
    ['may go on, as a person said', approval('DENIED'), [], 'Revoking the sessions of its role was not approved'],
    ['are revoked', approval('APPROVED'), [], 'The revocation of the sessions of its role is in force within minutes'],
    ['could not be revoked', { ...approval('APPROVED'), failures: { revokeSessions: failure } }, notRevoked, undefined],
  ])('%s', async (_what, change, expected, note) => {
    const { missing: found, notes } = await judge({ ...(await whole()), ...change });

    expect(found).toEqual(expected);
    const about = notes.filter((text) => text.includes('sessions of its role'));
    expect(about).toEqual(note ? [expect.stringContaining(note)] : []);
  });

  test('of Systems Manager that were to be ended are ended if that step has worked', async () => {
    const isolationPlan = { detachAddresses: false, swapProfile: true, endSessions: true };

    expect(await missing({ isolationPlan, sessionsEnded: { ended: 0 } })).toEqual([]);
  });
});

test('the reason names the first step that gave up, an interface’s too', async () => {
  const failure = (message: string) => ({ Error: 'SomeError', Cause: JSON.stringify({ errorMessage: message }) });
  const ofInterface = { networkInterfaceId: 'eni-1', untracked: false, failure: failure('It was busy') };
  const incident = { ...(await whole()), interfaces: [ofInterface] };

  expect((await judge(incident)).conclusion.reason).toMatch(/First failure: eni-1: .*It was busy\.$/);
  const other = { ...(await whole()), interfaces: [ofInterface], failures: { snapshots: failure('No quota.') } };
  expect((await judge(other)).conclusion.reason).toMatch(/First failure: snapshots: .*No quota\.$/);
});
