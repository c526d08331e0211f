import { sumUp, totalsOf } from '../../functions/patrol/sum-up';
import { ceilingOf } from '../../functions/shared/result-size';

const batch = (scored: number, told: string[] = []) => ({ scored, blind: 1, told });
const sweep = { stuck: 2, told: ['inc-3'] };

test('a patrol adds up what its batches and its sweep found', () => {
  const patrol = { fleet: { size: 60 }, scores: [batch(39, ['inc-1']), batch(19, ['inc-2'])] };

  expect(sumUp(patrol, sweep)).toMatchObject({
    verdict: 'COMPLETE',
    size: 60,
    scored: 58,
    blind: 2,
    told: 3,
    stuck: 2,
  });
});

test('alarms that there was no time for make it incomplete too, for the next one to report', () => {
  const patrol = { fleet: { size: 40 }, scores: [batch(39)] };

  expect(sumUp(patrol, { ...sweep, left: 7 })).toMatchObject({
    verdict: 'INCOMPLETE',
    reason: '7 alarms without an open incident are left for the next patrol to report.',
  });
});

test('a batch that failed makes the patrol incomplete, and keeps what the others found', () => {
  const patrol = { fleet: { size: 80 }, scores: [batch(39, ['inc-1']), { failed: true as const }] };

  expect(sumUp(patrol, sweep)).toMatchObject({
    verdict: 'INCOMPLETE',
    outcome: 'PATROL_INCOMPLETE',
    reason: '1 of 2 batches could not be scored.',
    scored: 39,
    told: 2,
  });
});

test('a place that is unknown makes it incomplete, named once, whoever could not read it', () => {
  const nowhere = { account: '210987654321', region: 'us-east-1', why: 'PlaceUnreachableError: no answer.' };
  const unlisted = { ...nowhere, account: '310987654321', why: 'ThrottledError: too often' };
  const patrol = { fleet: { size: 40, unknown: [nowhere] }, scores: [batch(39)] };

  expect(sumUp(patrol, { ...sweep, unknown: [{ ...nowhere, why: 'another' }, unlisted] })).toMatchObject({
    verdict: 'INCOMPLETE',
    reason:
      'Account 210987654321 in us-east-1 is unknown to the patrol: another. ' +
      'Account 310987654321 in us-east-1 is unknown to the patrol: ThrottledError: too often.',
    unknown: [{ ...nowhere, why: 'another' }, unlisted],
    scored: 39,
  });
});

test('many places that are unknown are counted, and the summary stays below the ceiling of its step', () => {
  const unknown = Array.from({ length: 300 }, (_, i) => ({
    ...{ account: String(i).padStart(12, '0'), region: 'us-east-1', why: 'x'.repeat(300) },
  }));
  const end = sumUp({ fleet: { size: 0, unknown }, scores: [] }, { stuck: 0, told: [] });

  expect(end.reason).toContain('295 more accounts are unknown.');
  expect(end).toMatchObject({ unknownPlaces: 300, unknown: { length: 20 } });
  expect(Buffer.byteLength(JSON.stringify(end))).toBeLessThan(ceilingOf('sweep-alarms'));
});

test('batches that failed are counted for each account, except for the own one of the stage', () => {
  const failed = (account: string) => ({ failed: true as const, account });
  const [own, spoke] = ['123456789012', '210987654321'];
  const first = { fleet: { size: 80 }, scores: [batch(39), failed(spoke!), failed(own!)] };
  const totals = totalsOf(first);
  const last = { fleet: { size: 40, totals }, scores: [failed(spoke!)] };

  expect(sumUp(last, { stuck: 0, told: [], own: own! })).toMatchObject({
    verdict: 'INCOMPLETE',
    reason: `3 of 4 batches could not be scored. In account ${spoke}: 2.`,
    size: 120,
    scored: 39,
  });
});
