const { noteTook } = require('./how-long');

/** Prints the figures of a whole run on one plain line, for people and for CI, and notes how long it took. */
module.exports = class ClosingLine {
  /** @param lane whether these are not all tests, but those of one lane */
  constructor(globalConfig, { lane = false } = {}) {
    this.isWhole = !lane && !globalConfig.testPathPatterns.isSet();
  }

  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, startTime } = results;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    process.stdout.write(
      `\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}\n`,
    );
    if (this.isWhole && !results.wasInterrupted) noteTook(Date.now() - startTime);
  }
};
