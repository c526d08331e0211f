import { catalogue } from '../../../functions/record/metrics/catalogue';
import { type ClosedFacts, metricsOf } from '../../../functions/record/metrics/of-incident';
import { outcomes } from '../../../functions/record/outcomes';

const closed = (change: Partial<ClosedFacts> = {}): ClosedFacts => ({
  playbook: 'restart-instance',
  outcome: 'RESOLVED',
  code: 'recovered',
  reason: 'After the stop and start the alarm is OK.',
  openedAt: '2026-11-24T02:00:00.000Z',
  actedAt: '2026-11-24T02:00:30.000Z',
  closedAt: '2026-11-24T02:10:00.000Z',
  ...change,
});
const numbers = (change: Partial<ClosedFacts> = {}) =>
  Object.fromEntries(metricsOf(closed(change)).map(({ name, value }) => [name, value]));

test('an incident that was resolved gives its times', () => {
  expect(numbers()).toEqual({ Incidents: 1, Resolved: 1, Duration: 600, TimeToAct: 30, TimeToRecover: 600 });
});

test('a veto, a guard and the breaker are counted apart', () => {
  const skipped = { outcome: 'SKIPPED', actedAt: undefined } as const;

  expect(numbers({ ...skipped, code: 'score-veto' })).toMatchObject({ Skipped: 1, Vetoes: 1 });
  expect(numbers({ ...skipped, code: 'protected' })).toMatchObject({ GuardRefusals: 1 });
  expect(numbers({ ...skipped, code: 'breaker-open' })).toMatchObject({ GuardRefusals: 1, BreakerOpen: 1 });
});

test('what was not resolved has no time to recover', () => {
  expect(numbers({ outcome: 'INEFFECTIVE', code: 'still-in-alarm' })).not.toHaveProperty('TimeToRecover');
});

test.each(outcomes)('%s is counted under a metric of the catalogue', (outcome) => {
  for (const { name } of metricsOf(closed({ outcome }))) expect(catalogue.has(name)).toBe(true);
});
