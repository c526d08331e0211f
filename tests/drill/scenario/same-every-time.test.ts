import { loadScenario } from '../../../drill/scenario/load';
import { runScenario } from '../../../drill/scenario/run';
import { stopRecordStore } from '../../../drill/stack/record-store';

afterAll(stopRecordStore);

test('a drill comes the same every time, however its deliveries race', async () => {
  const scenario = await loadScenario('ten-deliveries');
  const told = async () =>
    (await runScenario(scenario)).executions.map(({ history }) => history.map(({ at, type }) => `${at} ${type}`));

  const first = await told();

  expect(await told()).toEqual(first);
});
