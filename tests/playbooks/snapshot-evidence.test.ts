import type { DrillResult } from '../../drill/scenario/result';
import type { Stack } from '../../drill/stack/stack';
import { covers } from '../../functions/approval/covers';
import { drill, type Given, instanceId, onlyIncident } from '../fixtures/drill';

const account = '777788889999';
const wanted = {
  SNAPSHOT_LOCK: 'governance',
  SNAPSHOT_LOCK_DAYS: '30',
  SNAPSHOT_COOL_OFF_HOURS: '24',
  EVIDENCE_ACCOUNT_ID: account,
};
const key = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555';
const isolation: Given = {
  playbook: 'isolate-instance',
  starts: { by: 'manual' },
  answers: [{ subject: 'isolate', answer: 'yes' }],
  fleet: [{ instanceId, volumes: [{ encrypted: true, kmsKeyId: key }] }],
  variables: wanted,
};
const calls = ({ ledger }: DrillResult, name: string) => ledger.filter(({ command }) => command === name);

/** Runs an isolation. @returns its result and its snapshots */
async function isolate(given: Given = {}) {
  let stack: Stack | undefined;
  const result = await drill({ ...isolation, ...given }, (up) => {
    stack = up;
  });
  return { result, snapshots: stack!.cloud.ec2.snapshots.taken };
}

test('snapshots are locked while they are pending, and shared once they are complete; record and notice say so', async () => {
  const { result, snapshots } = await isolate();
  const incident = onlyIncident(result);

  expect(incident).toMatchObject({ outcome: 'CONTAINED' });
  expect(snapshots).toHaveLength(1);
  expect(snapshots[0]).toMatchObject({ lock: { mode: 'governance', days: 30 }, sharedWith: new Set([account]) });
  const at = (name: string) => result.ledger.findIndex(({ command, effective }) => command === name && effective);
  expect(at('LockSnapshot')).toBeGreaterThan(at('ModifyNetworkInterfaceAttribute'));
  expect(snapshots[0]!.lock!.at).toBeLessThan(snapshots[0]!.doneAt);
  expect(at('ModifySnapshotAttribute')).toBeGreaterThan(at('LockSnapshot'));
  const told = result.notices.find(({ subject }) => subject?.includes('CONTAINED'))!.message;
  expect(told).toContain('Snapshots are locked in governance mode for 30 days.');
  expect(told).toContain(`Snapshots are shared with account ${account}, and not copied yet`);
  const asked = result.notices.find(({ subject }) => subject?.includes('Approve isolate'))!.message;
  expect(asked).toContain(`lock the snapshots in governance mode for 30 days, share them with account ${account}`);
});

test('a snapshot under the default key of the account is locked and not shared, and the isolation is never green', async () => {
  const { result, snapshots } = await isolate({ fleet: [{ instanceId, volumes: [{ encrypted: true }] }] });
  const { outcome, code, reason } = onlyIncident(result);

  expect({ outcome, code }).toEqual({ outcome: 'PARTIAL', code: 'not-contained' });
  expect(reason).toContain(`Missing: ${snapshots[0]!.id} shared with account ${account}.`);
  expect(reason).toContain('EBS default key cannot be shared');
  expect(snapshots[0]).toMatchObject({ lock: { mode: 'governance' }, sharedWith: new Set() });
});

test('of several snapshots, one that cannot be shared does not keep the others from it', async () => {
  const volumes = [{ encrypted: true }, { deviceName: '/dev/sdf', encrypted: true, kmsKeyId: key }];
  const { result, snapshots } = await isolate({ fleet: [{ instanceId, volumes }] });

  expect(onlyIncident(result).outcome).toBe('PARTIAL');
  expect(snapshots.map(({ sharedWith }) => sharedWith.size).sort()).toEqual([0, 1]);
});

test('a lock that EC2 refuses is missing in the verdict, and nothing else waits for it', async () => {
  const { result, snapshots } = await isolate({ faults: [{ name: 'api-denied', command: 'LockSnapshot' }] });
  const { outcome, reason } = onlyIncident(result);

  expect(outcome).toBe('PARTIAL');
  expect(reason).toContain(`Missing: lock of ${snapshots[0]!.id}.`);
  expect(snapshots[0]).toMatchObject({ sharedWith: new Set([account]) });
});

test('a lock that somebody takes off before the verdict is missing in it', async () => {
  let stack: Stack | undefined;
  const up = (one: Stack) => {
    stack = one;
  };
  const result = await drill(isolation, up, {
    onEvent: (_execution, event) => {
      if (event.type !== 'StateEntered' || event.state !== 'Judge isolation') return;
      for (const one of stack!.cloud.ec2.snapshots.taken) delete one.lock;
    },
  });

  expect(onlyIncident(result).outcome).toBe('PARTIAL');
  expect(onlyIncident(result).reason).toContain('Missing: lock of snap-');
});

test.each<[string, Record<string, string>, string]>([
  ['that nobody locked is gone, and the verdict says so', {}, 'PARTIAL'],
  ['that is locked stays', wanted, 'CONTAINED'],
])('a snapshot %s, when somebody deletes it before the verdict', async (_what, variables, outcome) => {
  let stack: Stack | undefined;
  const up = (one: Stack) => {
    stack = one;
  };
  const result = await drill({ ...isolation, variables }, up, {
    onEvent: (_execution, event) => {
      if (event.type !== 'StateEntered' || event.state !== 'Watch snapshots') return;
      const { snapshots } = stack!.cloud.ec2;
      for (const { id } of [...snapshots.taken]) snapshots.deleteByOthers(id, { recycleBin: false });
    },
  });

  expect(onlyIncident(result).outcome).toBe(outcome);
});

test('a stage that does neither asks for neither, and makes no call', async () => {
  const { result } = await isolate({ variables: {} });

  expect(onlyIncident(result).outcome).toBe('CONTAINED');
  for (const name of [
    'LockSnapshot',
    'DescribeLockedSnapshots',
    'ModifySnapshotAttribute',
    'DescribeSnapshotAttribute',
  ])
    expect(calls(result, name)).toEqual([]);
});

test('a yes covers the lock and the account that it names, and no other', () => {
  const target = { instanceId, networkInterfaceIds: [], volumes: 1, addresses: 0, swapProfile: false };
  const asked = { ...target, snapshotLock: 'governance mode for 30 days', evidenceAccountId: account };
  const isCovered = (given: typeof target, part: { snapshotLock: string } | { evidenceAccountId: string }) =>
    covers(given, { subject: 'isolate', instanceId, part });

  expect(isCovered(asked, { snapshotLock: 'governance mode for 30 days' })).toBe(true);
  expect(isCovered(asked, { snapshotLock: 'compliance mode for 30 days' })).toBe(false);
  expect(isCovered(asked, { evidenceAccountId: account })).toBe(true);
  expect(isCovered(asked, { evidenceAccountId: '999988887777' })).toBe(false);
  expect(isCovered(target, { evidenceAccountId: account })).toBe(false);
});
