import { loadScenario, scenarioNames } from '../../../drill/scenario/load';
import { runScenario } from '../../../drill/scenario/run';
import { stopRecordStore } from '../../../drill/stack/record-store';

afterAll(stopRecordStore);

test('every scenario of the catalogue comes as it says', async () => {
  const wrong: Record<string, unknown> = {};

  for (const name of await scenarioNames()) {
    const { ok, checks } = await runScenario(await loadScenario(name));
    if (!ok) wrong[name] = checks.filter((check) => !check.ok);
  }

  expect(wrong).toEqual({});
}, 120_000);
