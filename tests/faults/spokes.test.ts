import { loadScenario } from '../../drill/scenario/load';
import { runScenario } from '../../drill/scenario/run';
import { stopRecordStore } from '../../drill/stack/record-store';

afterAll(stopRecordStore);

/** The checks of a drill of the catalogue that it does not meet, invariants among them. */
async function missedBy(name: string) {
  const { checks } = await runScenario(await loadScenario(name));
  expect(checks.length).toBeGreaterThan(10);
  return checks.filter(({ ok }) => !ok);
}

describe('row 58: a metric or an alarm of another account or region', () => {
  test.each(['wrong-account', 'monitoring-account-alarm'])('%s is refused with its reason', async (name) => {
    expect(await missedBy(name)).toEqual([]);
  });
});

/** In each of them, row 71: the same ID is planted in the other accounts and regions, which stay as they are. */
describe('row 70: a spoke or a region that cannot be reached', () => {
  test.each(['spoke-unreachable', 'spoke-role-missing', 'hub-region-down'])(
    '%s is told, and touches nothing else',
    async (name) => {
      expect(await missedBy(name)).toEqual([]);
    },
  );
});

test('one spoke in a storm does not silence the own account', async () => {
  expect(await missedBy('storm-in-one-spoke')).toEqual([]);
});

test('row 71: of the same ID in two accounts and two regions, only that of the alarm is restarted', async () => {
  expect(await missedBy('spoke-restart')).toEqual([]);
});
