import { judgeSnapshots, type SnapshotLook } from '../../functions/containment/snapshots';

const requested = [
  { snapshotId: 'snap-1', volumeId: 'vol-1' },
  { snapshotId: 'snap-2', volumeId: 'vol-2' },
];
const start = Date.parse('2026-03-02T09:00:00Z');

/** Looks one after another: what EC2 lists at each, by the seconds since the first. */
function looks(...listed: [seconds: number, states: Record<string, string>][]): SnapshotLook[] {
  const all: SnapshotLook[] = [];
  for (const [seconds, states] of listed) {
    const found = requested.flatMap((one) => {
      const state = states[one.snapshotId];
      return state ? [{ ...one, state }] : [];
    });
    all.push(judgeSnapshots(found, requested, all.at(-1), new Date(start + seconds * 1000), 7_200));
  }
  return all;
}
const last = (...listed: Parameters<typeof looks>) => looks(...listed).at(-1)!;
const both = (state: string) => ({ 'snap-1': state, 'snap-2': state });

test('snapshots that are not listed at once are pending', () => {
  expect(last([0, {}])).toMatchObject({ verdict: 'WAITING', seen: [{ state: 'pending' }, { state: 'pending' }] });
  expect(last([0, {}], [30, both('completed')]).verdict).toBe('DONE');
});

test('one in the Recycle Bin is not waited for, and one that is recovered is', () => {
  expect(last([0, both('pending')], [60, { 'snap-1': 'recoverable', 'snap-2': 'completed' }]).verdict).toBe('DONE');
  expect(last([0, both('pending')], [60, { 'snap-1': 'recovering', 'snap-2': 'completed' }]).verdict).toBe('WAITING');
});

test('one that was deleted for good is missing once two looks agree, and is not waited for', () => {
  const one = { 'snap-2': 'completed' };
  const found = looks([0, both('pending')], [400, both('completed')], [430, one], [460, one]);

  expect(found.map(({ verdict }) => verdict)).toEqual(['WAITING', 'DONE', 'WAITING', 'DONE']);
  expect(found.at(-1)!.seen).toContainEqual({ ...requested[0], state: 'missing' });
  expect(last([0, both('pending')], [400, one], [430, both('completed')]).seen.map(({ state }) => state)).toEqual([
    'completed',
    'completed',
  ]);
});

test('snapshots that take too long are overdue', () => {
  expect(last([0, both('pending')], [7_200, both('pending')]).verdict).toBe('OVERDUE');
});
