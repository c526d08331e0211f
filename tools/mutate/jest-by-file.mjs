import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strykerPlugins as plugins } from '@stryker-mutator/jest-runner';

// Stryker's Jest runner loads and runs every test file that imports a mutated file, to the end, for each mutant. This one
// first loads each test file once and runs each test with all the mutants that it reaches, one after the other
// (many-mutants.cjs). Mutants of code that runs while a file is loaded need a load of their own, as do those of tests that
// cannot be repeated: for them it runs only files that may kill them, and stops at the first that fails.
// Plugins of Stryker: https://stryker-mutator.io/docs/stryker-js/guides/create-a-plugin

const [jest] = plugins;
/** In the sandbox, for the processes that did not make the first run. */
const firstRun = '.stryker-first-run.json';
const manyMutants = fileURLToPath(new URL('./many-mutants.cjs', import.meta.url));
const shared = Symbol.for('mutants');

/** @returns Stryker's Jest runner, in two passes */
function byFile(injector) {
  const runner = jest.factory(injector);
  let known;
  const { dryRun, mutantRun, run } = Object.getPrototypeOf(runner);

  runner.dryRun = async (options) => {
    const result = await dryRun.call(runner, options);
    if (result.status !== 'complete') return result;
    const tests = result.tests.map(shortened);
    const { killed, passed } = await withManyMutants(runner, tests, result.mutantCoverage);
    writeFileSync(firstRun, JSON.stringify({ tests, killed, passed }));
    return result;
  };

  runner.mutantRun = async (options) => {
    known ??= JSON.parse(readFileSync(join(process.cwd(), firstRun), 'utf8'));
    const verdict = verdictOf(options, known);
    if (verdict) return verdict;
    let result;
    let tests = 0;
    for (const file of filesFor(options, known.tests)) {
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

/** Runs each test file once, the quick ones first, with all mutants that its tests reach and none has killed so far. */
async function withManyMutants({ jestConfig, jestTestAdapter }, tests, { perTest }) {
  const found = { coverage: perTest, killed: {}, passed: {} };
  globalThis[shared] = found;
  for (const [file] of byTime(tests))
    await jestTestAdapter.run({ jestConfig: { ...jestConfig, testEnvironment: manyMutants }, testFiles: [file] });
  return found;
}

/** What the first pass says of a mutant; undefined if it does not know. */
function verdictOf({ activeMutant, testFilter }, { killed, passed }) {
  const { [activeMutant.id]: killer } = killed;
  if (killer !== undefined)
    return { status: 'killed', killedBy: [killer], failureMessage: 'failed with the mutant', nrOfTests: 1 };
  const ran = new Set(passed[activeMutant.id]);
  if (testFilter?.every((id) => ran.has(id))) return { status: 'survived', nrOfTests: ran.size };
}

/** The test files that may kill a mutant: first the one that is named for its file, then the quick ones. */
function filesFor({ testFilter, sandboxFileName }, tests) {
  const ids = testFilter && new Set(testFilter);
  const seconds = byTime(tests.filter(({ id }) => !ids || ids.has(id)));
  const own = sandboxFileName.replace('/functions/', '/tests/').replace(/\.ts$/, '.test.ts');
  const room = own.slice(0, own.lastIndexOf('/') + 1);
  const rank = (file) => (file === own ? 0 : file.startsWith(room) ? 1 : 2);
  return seconds.map(([file]) => file).sort((a, b) => rank(a) - rank(b));
}

/** Test files with the time that their tests took, the quick ones first. */
function byTime(tests) {
  const times = new Map();
  for (const { fileName, timeSpentMs } of tests) times.set(fileName, (times.get(fileName) ?? 0) + timeSpentMs);
  return [...times].sort(([, a], [, b]) => a - b);
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'jest-by-file', factory: byFile }];
