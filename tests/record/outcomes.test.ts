import { endsWell, isOutcome, outcomes, outcomeTable, severityOf } from '../../functions/record/outcomes';

test('the ends that are good, and no others, leave an execution green', () => {
  expect(outcomes.filter(endsWell)).toEqual([
    'RESOLVED',
    'SKIPPED',
    'OBSERVED',
    'CONTAINED',
    'RELEASED',
    'BLOCKED',
    'PATCHED',
    'SCANNED',
  ]);
});

test('what may be down, or was made worse, pages; a good end asks nobody', () => {
  expect(outcomes.filter((outcome) => severityOf(outcome) === 'page')).toEqual([
    'PARTIAL',
    'WORSE',
    'ESCALATED',
    'FAILED',
  ]);
  expect(outcomes.filter((outcome) => severityOf(outcome) === 'info')).toEqual(outcomes.filter(endsWell));
});

test('a report colours good ends, and no others, as good or calm', () => {
  const calm = outcomes.filter((outcome) => ['good', 'info'].includes(outcomeTable[outcome].tone));

  expect(calm).toEqual(outcomes.filter(endsWell));
});

test('what was really wrong is what was acted on or called a person', () => {
  expect(outcomes.filter((outcome) => outcomeTable[outcome].isTrouble).sort()).toEqual([
    'CONTAINED',
    'ESCALATED',
    'FAILED',
    'INEFFECTIVE',
    'PARTIAL',
    'RESOLVED',
    'WORSE',
  ]);
});

test('a word that is no outcome is known for that', () => {
  expect(isOutcome('RESOLVED')).toBe(true);
  expect(isOutcome('RUNNING')).toBe(false);
  expect(isOutcome('toString')).toBe(false);
});
