import { changesToUndo, RecordIncompleteError } from '../../functions/containment/isolation-record';
import { hashOfSaved } from '../../functions/containment/saved-hash';
import type { TimelineEntry } from '../../functions/record/incident';

const at = '2026-03-02T09:00:00.000Z';
const entry = (key: string, before: Record<string, unknown>): TimelineEntry => ({ key, at, what: 'x', before });
const saved = [
  entry('changed#tag', {}),
  entry('changed#termination-protection', { enabled: false }),
  entry('changed#interface#eni-1', { networkInterfaceId: 'eni-1', vpcId: 'vpc-1', groupIds: ['sg-1'] }),
];
const manifest = entry('manifest', { changes: saved.map(({ key }) => key) });

test('changes are undone backwards, what was changed last first', () => {
  expect(changesToUndo([...saved, manifest]).map(({ kind }) => kind)).toEqual([
    'interface',
    'termination-protection',
    'tag',
  ]);
});

test('a record that lacks a saved state is refused, saying which', () => {
  const lost = saved.filter(({ key }) => key !== 'changed#interface#eni-1');
  expect(() => changesToUndo([...lost, manifest])).toThrow(
    new RecordIncompleteError('Missing in the record: changed#interface#eni-1.'),
  );
});

test('a record without its list of changes is refused', () => {
  expect(() => changesToUndo(saved)).toThrow('the list of changes');
});

test('a saved state that cannot be read is refused', () => {
  const broken = [...saved.slice(0, 2), entry('changed#interface#eni-1', { groupIds: 'sg-1' })];
  expect(() => changesToUndo([...broken, manifest])).toThrow(RecordIncompleteError);
});

describe('the saved state is the one that the isolation recorded', () => {
  const membership = entry('out-of-service-requested', { targets: [] });
  const all = [...saved, membership];
  const hashed = (states: TimelineEntry[]) =>
    entry('manifest', { changes: saved.map(({ key }) => key), sha256: hashOfSaved(states) });
  const interfaceEntry = { vpcId: 'vpc-1', groupIds: ['sg-1'], networkInterfaceId: 'eni-1' };

  test('in whatever order its entries and their fields are read', () => {
    const again = [entry('changed#interface#eni-1', interfaceEntry), ...saved.slice(0, 2), membership].reverse();

    expect(changesToUndo([...again, hashed(all)])).toHaveLength(4);
  });

  test.each<[string, TimelineEntry[]]>([
    [
      'another group',
      [...saved.slice(0, 2), entry('changed#interface#eni-1', { ...interfaceEntry, groupIds: ['sg-0'] }), membership],
    ],
    [
      'another protection',
      [saved[0]!, entry('changed#termination-protection', { enabled: true }), saved[2]!, membership],
    ],
    ['a change that was not made', [...all, entry('changed#profile', { associationId: 'a', arn: 'arn:admin' })]],
    ['other memberships', [...saved, entry('out-of-service-requested', { targets: [], group: 'other' })]],
    ['no memberships', saved],
  ])('with %s it is refused', (_what, states) => {
    expect(() => changesToUndo([...states, hashed(all)])).toThrow(RecordIncompleteError);
  });

  test('of an earlier release, which kept no hash, it is taken as it is', () => {
    expect(changesToUndo([...saved, manifest])).toHaveLength(3);
  });
});

test('an instance that was taken out of service comes back into it, as its record says where', () => {
  const membership = entry('out-of-service-requested', { targets: [] });
  expect(changesToUndo([...saved, membership, manifest])).toContainEqual({ kind: 'service', id: '' });

  const broken = entry('out-of-service-requested', { targets: 'web' });
  expect(() => changesToUndo([...saved, broken, manifest])).toThrow(
    new RecordIncompleteError('Missing in the record: out-of-service-requested.'),
  );
});

test('a person is told of everything that is missing, and of what was changed since', () => {
  expect(() => changesToUndo([saved[0]!, manifest])).toThrow(
    'Missing in the record: changed#termination-protection, changed#interface#eni-1.',
  );
  const forged = entry('manifest', { changes: [], sha256: 'f'.repeat(64) });
  expect(() => changesToUndo([...saved, forged])).toThrow(
    'The saved state is not the one that the isolation recorded: it has been changed since.',
  );
});
