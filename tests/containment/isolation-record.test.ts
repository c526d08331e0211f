import { changesToUndo, RecordIncompleteError } from '../../functions/containment/isolation-record';
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
