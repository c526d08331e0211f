import { existsSync } from 'node:fs';
import { join } from 'node:path';
import slowest from './slowest.json';
import SlowestFirst from './slowest-first';

/** A file as Jest sees it; the longer its name, the larger it is. */
const file = (name: string) => ({
  path: `/project/tests/${name}.test.ts`,
  context: { config: { cache: false }, hasteFS: { getSize: (path: string) => path.length } },
});
const sorted = (...names: string[]) =>
  (new SlowestFirst({} as never).sort(names.map(file) as never) as { path: string }[]).map(({ path }) =>
    path.slice('/project/tests/'.length, -'.test.ts'.length),
  );

test('in a fresh clone the files that are known to be slow begin, and drills come before the rest', () => {
  const [first, second] = slowest as [string, string];

  expect(sorted('guard/steps', 'faults/kill', second, 'guard/alarm-storm', first)).toEqual([
    ...[first, second, 'faults/kill'],
    ...['guard/alarm-storm', 'guard/steps'],
  ]);
});

test('the list of slow files names files that are there', () => {
  expect(slowest.filter((name) => !existsSync(join(__dirname, '..', `${name}.test.ts`)))).toEqual([]);
});
