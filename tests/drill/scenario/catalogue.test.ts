import { projectRoot } from '../../../drill/report/command';
import { definitionFinder } from '../../../drill/report/definitions';
import { toldExecutions } from '../../../drill/report/figures';
import { fromDrill } from '../../../drill/report/input';
import { mostExecutions, renderReport } from '../../../drill/report/report';
import { loadScenario, scenarioNames } from '../../../drill/scenario/load';
import { runScenario } from '../../../drill/scenario/run';
import { pathOf } from '../../../drill/stack/history';
import { stopRecordStore } from '../../../drill/stack/record-store';
import { pathsIn } from '../../fixtures/report';

afterAll(stopRecordStore);

/** A thousand executions, tested by tests/faults/storm.test.ts. */
const testedElsewhere = ['storm'];

test('every scenario of the catalogue comes as it says, and its report shows the path of the engine’s event log', async () => {
  const wrong: Record<string, unknown> = {};
  const find = definitionFinder(projectRoot);

  const names = (await scenarioNames()).filter((name) => !testedElsewhere.includes(name));
  for (const name of names) {
    const result = await runScenario(await loadScenario(name));
    if (!result.ok) wrong[name] = result.checks.filter((check) => !check.ok);
    const input = fromDrill(result, find);
    const paths = pathsIn(await renderReport(input));
    const logged = toldExecutions(input.executions, mostExecutions).map(({ history }) => pathOf(history));
    if (JSON.stringify(paths) !== JSON.stringify(logged)) wrong[`${name} (report)`] = { paths, logged };
  }

  expect(wrong).toEqual({});
}, 900_000);
