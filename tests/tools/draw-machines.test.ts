import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinitions } from '../../drill/report/definitions';
import { drawMachines } from '../../tools/draw-machines';

const root = join(__dirname, '..', '..');

test('the pictures in docs/ are those of the machines (npm run draw makes them anew)', async () => {
  for (const [name, svg] of await drawMachines(root)) {
    expect(readFileSync(join(root, 'docs', 'images', `${name}.svg`), 'utf8')).toBe(svg);
  }
});

describe.each([...readDefinitions(root)])('the machine %s', (_name, definition) => {
  // biome-ignore lint/suspicious/noExplicitAny: every kind of state is looked at
  const states = Object.entries(definition.States) as [string, any][];

  test('says of every state what it is for', () => {
    expect(states.filter(([, { Comment }]) => !Comment).map(([name]) => name)).toEqual([]);
  });

  test('asks in its choices and tells in its other states', () => {
    expect(
      states.filter(([name, { Type }]) => (Type === 'Choice') !== name.endsWith('?')).map(([name]) => name),
    ).toEqual([]);
  });

  test('bounds, retries and catches every task', () => {
    const tasks = states.filter(([, { Type }]) => Type === 'Task');
    const lastResort = ['Page a person', 'Page without incident'];

    expect(tasks.filter(([, task]) => !task.TimeoutSeconds || !task.Retry).map(([name]) => name)).toEqual([]);
    expect(tasks.filter(([name, task]) => !task.Catch && !lastResort.includes(name)).map(([name]) => name)).toEqual([]);
    expect(tasks.flatMap(([, { Retry }]) => Retry).every(({ JitterStrategy }) => JitterStrategy === 'FULL')).toBe(true);
  });

  test('never ends green where something failed: every Catch leads to a record or a page', () => {
    const targets = states.flatMap(([, { Catch = [] }]) => Catch.map(({ Next }: { Next: string }) => Next));

    for (const target of targets) expect(['Succeed']).not.toContain(definition.States[target]?.Type);
  });
});
