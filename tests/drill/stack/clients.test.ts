import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '..', '..', '..', 'functions', 'shared', 'clients');

test('no client of the steps is made before the environment is the drill’s', () => {
  jest.isolateModules(() => {
    for (const file of readdirSync(folder))
      jest.doMock(join(folder, file), () => {
        throw new Error(`${file} was loaded`);
      });

    expect(() => require('../../../drill/cli')).not.toThrow();
  });
});
