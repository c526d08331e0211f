const { readFileSync } = require('node:fs');
const { basename } = require('node:path');
const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { TestEnvironment } = require('jest-environment-node');
const { ModuleMocker } = require('jest-mock');
const { forgetMatchers, forgetStorages, watchProcess } = require('./changes');

/** Beside Jest itself (`--runInBand`, Stryker), a faked clock or console in the process would be Jest's as well. */
const isWorker = basename(process.argv[1] ?? '') === 'processChild.js';
/** A mock of a package or of a module of Node: packages have to be loaded anew to see it. */
const mockOfPackage = /\bjest\s*\.\s*(do|set|unstable_)?mock(Module)?\s*(<[^(]*>)?\(\s*['"`](?![./])/i;

/**
 * Runs a test file in a worker's own context, not in a new one: packages are then loaded once in a worker, and a look at
 * a global is as quick as in production. What a file changes in the process is put back when it has ended.
 * @implements {import('@jest/environment').JestEnvironment}
 */
class OwnContext {
  isOwnContext = true;
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);

  constructor({ projectConfig: config }) {
    const { global, moduleMocker } = this;
    this.putBack = watchProcess();
    const timerConfig = { idToRef: (id) => ({ id, ref() {}, unref() {} }), refToId: (timer) => timer?.id };
    this.fakeTimers = new LegacyFakeTimers({ config, global, moduleMocker, timerConfig });
    this.fakeTimersModern = new ModernFakeTimers({ config, global });
    // As in Jest's own environment: Node's limit of 10 is short for a failed test.
    Error.stackTraceLimit = 100;
  }

  async setup() {}

  async teardown() {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    this.putBack();
    forgetStorages();
    forgetMatchers();
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** Jest looks only whether there is one. */
  getVmContext() {
    return this.global;
  }
}

/** The environment of a test file; one that has to have packages to itself runs in a context of its own. */
module.exports = function environmentOf(configs, context) {
  const isAlone = !isWorker || mockOfPackage.test(readFileSync(context.testPath, 'utf8'));
  return new (isAlone ? TestEnvironment : OwnContext)(configs, context);
};
