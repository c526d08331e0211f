import { runInProcesses } from '../../../drill/scenario/processes';
import type { DrillResult } from '../../../drill/scenario/result';
import { longDrills } from '../../../tools/docs/notices';
import { expectAsSaid } from '../../fixtures/catalogue';

// Each takes longer than all others together. In processes of their own, since numbers are slow inside a test's sandbox. The storm is tested in tests/faults/storm.test.ts.
test('the long drills come as they say, and their reports show the paths of the engine’s event log', async () => {
  const results: DrillResult[] = [];
  const names = longDrills.filter((name) => name !== 'storm');
  await runInProcesses(names, 1, ({ result }) => results.push(result));

  expect(results.map(({ scenario }) => scenario.name).sort()).toEqual(names);
  for (const result of results) await expectAsSaid(result);
});
