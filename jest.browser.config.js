/** Tests of the pages in a real browser; CI installs one. `npm cit` does not need it. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  reporters: ['default', ['<rootDir>/tests/closing-line.js', { lane: true }]],
  testMatch: ['**/*.browser.ts'],
};
