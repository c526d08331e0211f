/** ESM-only packages that jest (CommonJS) has to compile for a test file that shares no packages. */
const esmPackages = [
  '@middy',
  '@sinonjs',
  '@viz-js',
  'commander',
  'wrap-ansi',
  'string-width',
  'strip-ansi',
  'ansi-regex',
  'ansi-styles',
  'emoji-regex',
  'get-east-asian-width',
];

/** @type {import('jest').Config} */
module.exports = {
  // All files of a worker share the packages that it has loaded; these two say how, and which file does not.
  testEnvironment: '<rootDir>/tests/runner/environment.js',
  runtime: '<rootDir>/tests/runner/runtime.js',
  testSequencer: '<rootDir>/tests/runner/slowest-first.js',
  // Jest leaves one core idle by default, and its work is all there is to do.
  maxWorkers: '100%',
  // A worker that has grown beyond this starts anew. With a limit, Jest also gives a single file a worker.
  workerIdleMemoryLimit: '600MB',
  roots: ['<rootDir>/tests'],
  // Drills run real machines on a shared, noisy machine: the limit is there for hangs only.
  testTimeout: 900_000,
  testMatch: ['**/*.test.ts'],
  // In a context of its own each look at a global is slow, and the forest's inner loops look at these.
  sandboxInjectedGlobals: [
    'Math',
    'Number',
    'Object',
    'Array',
    'String',
    'JSON',
    'Map',
    'Set',
    'Symbol',
    'Promise',
    'Error',
  ],
  transform: { '\\.[mc]?[jt]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
  moduleNameMapper: {
    '^@middy/core$': '<rootDir>/node_modules/@middy/core/index.js',
    '^@middy/util$': '<rootDir>/node_modules/@middy/util/index.js',
  },
  reporters: ['default', '<rootDir>/tests/closing-line.js'],
  globalSetup: '<rootDir>/tests/global-setup.ts',
};
