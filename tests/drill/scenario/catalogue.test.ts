import { loadScenario, scenarioNames } from '../../../drill/scenario/load';
import { runScenario } from '../../../drill/scenario/run';
import { stopRecordStore } from '../../../drill/stack/record-store';

afterAll(stopRecordStore);

/** A thousand executions, tested by tests/faults/storm.test.ts. */
const testedElsewhere = ['storm'];

test('every scenario of the catalogue comes as it says', async () => {
  const wrong: Record<string, unknown> = {};

  const names = (await scenarioNames()).filter((name) => !testedElsewhere.includes(name));
  for (const name of names) {
    const { ok, checks } = await runScenario(await loadScenario(name));
    if (!ok) wrong[name] = checks.filter((check) => !check.ok);
  }

  expect(wrong).toEqual({});
}, 900_000);
