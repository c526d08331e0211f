const { globalSetup: _packaging, ...all } = require('./jest.config');
const { drill } = require('./tools/imports/lanes.json');

/**
 * All tests but those that need a drill, the packaged stack or a process of their own; `npm run check:imports` sees that
 * none of these does.
 * @type {import('jest').Config}
 */
module.exports = {
  ...all,
  reporters: ['default', ['<rootDir>/tests/closing-line.js', { lane: true }]],
  testPathIgnorePatterns: ['/node_modules/', ...drill.map((name) => `<rootDir>/tests/${name}`)],
  testTimeout: 60_000,
};
