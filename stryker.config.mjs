// `npm run mutate` turns operators, drops statements and changes texts in the steps, one at a time, and runs the unit
// tests: what survives is behaviour that no unit test asks for. A file takes a minute, all take hours:
//   npm run mutate -- --mutate functions/guard/lease.ts
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['functions/**/*.ts', '!functions/**/*.d.ts', '!functions/shared/clients/**'],
  plugins: ['@stryker-mutator/jest-runner', './tools/mutate/jest-by-file.mjs'],
  testRunner: 'jest-by-file',
  // Each mutant needs its own load of everything: no packages are shared between test files.
  jest: { configFile: 'jest.unit.config.js', config: { testEnvironment: 'node', runtime: 'jest-runtime' } },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // The first run tries all mutants that need no load of their own (tools/mutate/jest-by-file.mjs).
  dryRunTimeoutMinutes: 240,
  // A machine that does other work as well is slow, which kills no mutant: loops without end run into a limit of hits.
  timeoutMS: 60_000,
  incremental: true,
  incrementalFile: '.drill/mutation/incremental.json',
  tempDirName: '.drill/mutation/sandbox',
  // TypeScript 7 has no API that could rewrite a tsconfig.json for the sandbox, and swc needs none: this one is not there.
  tsconfigFile: 'no-tsconfig.json',
  // swc strips the types: nothing checks them in the sandbox.
  disableTypeChecks: false,
  ignorePatterns: ['/.drill', '/.serverless', '/.esbuild', '/docs/images', '/reports', '/coverage'],
  reporters: ['clear-text', 'progress', 'html'],
  htmlReporter: { fileName: '.drill/mutation/report.html' },
  clearTextReporter: { allowEmojis: false, reportTests: false },
  thresholds: { high: 90, low: 80, break: null },
};
