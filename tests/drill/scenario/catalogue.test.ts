import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PublishCommandInput } from '@aws-sdk/client-sns';
import { projectRoot } from '../../../drill/report/command';
import { loadScenario } from '../../../drill/scenario/load';
import { runScenario } from '../../../drill/scenario/run';
import { stopRecordStore } from '../../../drill/stack/record-store';
import { longDrills, noticesFile, noticesPage, type Told } from '../../../tools/docs/notices';
import { expectAsSaid } from '../../fixtures/catalogue';
import { customNotification } from '../../fixtures/custom-notification';

afterAll(stopRecordStore);

const names = readdirSync(join(projectRoot, 'drill', 'scenarios')).map((file) => basename(file, '.yml'));

const short = names.filter((name) => !longDrills.includes(name));
const told = new Map<string, Told[]>();

/** What a drill sent in the form that chat clients show. */
const chatFormsOf = ({ ledger }: Awaited<ReturnType<typeof runScenario>>): string[] =>
  ledger
    .filter(({ service, command }) => service === 'sns' && command === 'Publish')
    .flatMap(({ input }) => (input as PublishCommandInput).MessageAttributes?.chat?.StringValue ?? []);

test.each(short)('%s comes as it says, and its report shows the paths of the engine’s event log', async (name) => {
  const result = await runScenario(await loadScenario(name));
  told.set(name, result.notices);
  await expectAsSaid(result);
  for (const form of chatFormsOf(result)) expect(customNotification.safeParse(JSON.parse(form)).error).toBeUndefined();
});

test('docs/notices.md shows what these drills told people (npm run docs writes it anew)', () => {
  expect([...told.keys()]).toEqual(short);
  expect(readFileSync(join(projectRoot, noticesFile), 'utf8')).toBe(noticesPage(told));
});

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
