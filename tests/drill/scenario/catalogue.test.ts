import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '../../../drill/report/command';
import { definitionFinder } from '../../../drill/report/definitions';
import { toldExecutions } from '../../../drill/report/figures';
import { fromDrill } from '../../../drill/report/input';
import { mostExecutions, renderReport } from '../../../drill/report/report';
import { loadScenario } from '../../../drill/scenario/load';
import { runScenario } from '../../../drill/scenario/run';
import { pathOf } from '../../../drill/stack/history';
import { stopRecordStore } from '../../../drill/stack/record-store';
import { pathsIn } from '../../fixtures/report';

afterAll(stopRecordStore);

const names = readdirSync(join(projectRoot, 'drill', 'scenarios')).map((file) => basename(file, '.yml'));
const find = definitionFinder(projectRoot);

test.each(names)(
  '%s comes as it says, and its report shows the paths of the engine’s event log',
  async (name) => {
    const result = await runScenario(await loadScenario(name));
    const input = fromDrill(result, find);
    const shown = pathsIn(await renderReport(input));

    expect(result.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(shown).toEqual(toldExecutions(input.executions, mostExecutions).map(({ history }) => pathOf(history)));
  },
  900_000,
);

test('the catalogue has at least 26 scenarios', () => {
  expect(names.length).toBeGreaterThanOrEqual(26);
});

/** A drill over weeks, whose executions are all different; its review is what is checked. */
const manyRuns = (expected: Awaited<ReturnType<typeof loadScenario>>['expect']) => expected.review !== undefined;

test.each(names)('%s says how its incidents end, and by which path of states', async (name) => {
  const { story, expect: expected } = await loadScenario(name);

  expect(story).toMatch(/^[A-Z].*[.]$/);
  if (manyRuns(expected)) return;
  expect(expected.executions).toBeDefined();
  expect(expected.outcomes ?? expected.tally).toBeDefined();
  if (expected.executions !== 0) expect(expected.path?.at(-1)).toMatch(/^(Done|Needs a person)$/);
});
