import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '../../../drill/stack/engine';
import { validated } from '../../../drill/stack/validated';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'validated-'));
});
afterEach(() => rm(folder, { recursive: true }));

const machine = (type: string) => ({ StartAt: 'A', States: { A: { Type: type } } }) as never;

test('a definition is validated once, and one that differs anew', async () => {
  const { StateMachine } = await loadEngine();
  const options: unknown[] = [];
  class Engine extends StateMachine {
    constructor(...[definition, given]: ConstructorParameters<typeof StateMachine>) {
      super(definition, given);
      options.push(given);
    }
  }

  for (const type of ['Succeed', 'Succeed', 'Fail', 'Succeed']) validated(Engine, machine(type), folder);

  expect(options).toEqual([false, true, false, true].map((noValidate) => ({ validationOptions: { noValidate } })));
});

test('a definition that is not valid is refused, each time', async () => {
  const { StateMachine } = await loadEngine();

  for (let i = 0; i < 2; i++) expect(() => validated(StateMachine, machine('Sleep'), folder)).toThrow();
  expect(await readdir(folder)).toEqual([]);
});
