import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ceilingOf, failureCeiling, usualCeiling } from '../../functions/shared/result-size';
import { readMachines } from '../../packaging/read-machines';
import { type Assumptions, largestStates } from '../fixtures/state-sizes';

const root = join(__dirname, '..', '..');
/** Source: Step Functions service quotas, "Maximum input or output size for a task, state, or execution". */
const limit = 262_144;

/** The steps' names by function: `StopInstance` is `stop-instance`, the name of its file. */
const steps = new Map(
  (
    parse(readFileSync(join(root, 'serverless.yml'), 'utf8'), {
      customTags: [
        { tag: '!Ref', resolve: String },
        { tag: '!GetAtt', resolve: String },
      ],
    }).functions as string[]
  )
    .map((text) => /file\((.*)\)/.exec(text)![1]!)
    // Buttons of a chat channel are functions of no machine.
    .filter((file) => !file.includes('${'))
    .flatMap((file) => {
      const tags = ['!Ref', '!GetAtt', '!Sub'].map((tag) => ({ tag, resolve: (text: string) => text }));
      return Object.entries(
        parse(readFileSync(join(root, file), 'utf8'), { customTags: tags, merge: true }) as Record<
          string,
          { handler: string }
        >,
      );
    })
    .map(([key, { handler }]) => [
      key[0]!.toUpperCase() + key.slice(1),
      handler.split('/').at(-1)!.replace('.handler', ''),
    ]),
);

function resultOf(resource: string): number {
  const [, name] = /(\w+)LambdaFunction/.exec(resource) ?? [];
  // SNS answers with an identifier.
  if (!name) return 1_024;
  const step = steps.get(name);
  if (!step) throw new Error(`There is no function ${name}`);
  // A question's answer comes from the function that takes it, as small as a usual result.
  return resource.includes('waitForTaskToken') ? usualCeiling : ceilingOf(step);
}

const assumptions: Assumptions = {
  resultOf,
  failure: failureCeiling,
  input: 0,
  items: {
    '$.incident.quarantine.interfaces': { count: 64, bytes: 50 },
    // Interfaces and volumes that no instance type has together, and one of each other kind.
    '$.incident.release.changes': { count: 140, bytes: 100 },
    // 50,000 instances, forty a batch, and a batch that is not full of each of 300 accounts.
    '$.fleet.key': { count: 1_550, bytes: 1_100 },
  },
};

test.each([...readMachines(root)])('every state of %s stays below the limit of Step Functions', (_name, machine) => {
  const sizes = [...largestStates(machine, assumptions)].sort(([, a], [, b]) => b - a);

  expect(sizes.length).toBeGreaterThan(2);
  expect(sizes.filter(([, bytes]) => bytes > limit)).toEqual([]);
});

test('a step whose ceiling grows too far is found, with the state', () => {
  const machine = readMachines(root).get('isolate-instance')!;
  const larger = {
    ...assumptions,
    resultOf: (text: string) => resultOf(text) * (text.includes('SurveyInstance') ? 3 : 1),
  };

  expect([...largestStates(machine, larger)].filter(([, bytes]) => bytes > limit).map(([state]) => state)).toContain(
    'Judge isolation',
  );
});
