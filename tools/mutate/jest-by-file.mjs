import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strykerPlugins as plugins } from '@stryker-mutator/jest-runner';

// Stryker's Jest runner runs every test file that imports a mutated file, to the end, for each mutant. This one runs only
// files with a test that reaches the mutant, one after the other, and stops at the first that fails: the same verdicts in
// a fraction of the time. Plugins of Stryker: https://stryker-mutator.io/docs/stryker-js/guides/create-a-plugin

const [jest] = plugins;
/** In the sandbox, for the processes that did not make the first run. */
const mapOfTests = '.stryker-tests.json';

/** @returns Stryker's Jest runner, which runs a mutant's tests file by file */
function byFile(injector) {
  const runner = jest.factory(injector);
  const { dryRun, mutantRun, run } = Object.getPrototypeOf(runner);

  runner.dryRun = async (options) => {
    const result = await dryRun.call(runner, options);
    if (result.status === 'complete') writeFileSync(mapOfTests, JSON.stringify(result.tests.map(shortened)));
    return result;
  };

  runner.mutantRun = async (options) => {
    let result;
    let tests = 0;
    for (const file of filesFor(options)) {
      runner.run = (settings) => run.call(runner, { ...settings, testFiles: [file] });
      result = await mutantRun.call(runner, options);
      if (result.status !== 'survived') return result;
      tests += result.nrOfTests;
    }
    return { status: 'survived', nrOfTests: tests };
  };

  return runner;
}
byFile.inject = jest.factory.inject;

const shortened = ({ id, fileName, timeSpentMs }) => ({ id, fileName, timeSpentMs });

/** The test files that may kill a mutant: first the one that is named for its file, then the quick ones. */
function filesFor({ testFilter, sandboxFileName }) {
  const all = JSON.parse(readFileSync(join(process.cwd(), mapOfTests), 'utf8'));
  const ids = testFilter && new Set(testFilter);
  const seconds = new Map();
  for (const { id, fileName, timeSpentMs } of all)
    if (!ids || ids.has(id)) seconds.set(fileName, (seconds.get(fileName) ?? 0) + timeSpentMs);
  const own = sandboxFileName.replace('/functions/', '/tests/').replace(/\.ts$/, '.test.ts');
  const room = own.slice(0, own.lastIndexOf('/') + 1);
  const rank = (file) => (file === own ? 0 : file.startsWith(room) ? 1 : 2);
  return [...seconds.keys()].sort((a, b) => rank(a) - rank(b) || seconds.get(a) - seconds.get(b));
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'jest-by-file', factory: byFile }];
