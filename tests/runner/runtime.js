const { createRequire } = require('node:module');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

/** Packages that a suite changes when it loads, so each suite has its own. */
const ownOfEachSuite = ['aws-local-stepfunctions'];
const isShared = new RegExp(`/node_modules/(?!(${ownOfEachSuite.join('|')})/)`);

/** What each file compiled to, by path: a worker compiles it once for all its suites. */
const compiled = new Map();

/** With the environment beside it: packages are loaded once in a worker, by Node, and files are compiled once. */
class SharingRuntime extends Runtime {
  constructor(config, environment, ...others) {
    super(config, environment, ...others);
    this.isSharing = environment.isOwnContext === true;
    if (this.isSharing) this.executor.compile = (source, path) => this.#compile(source, path);
  }

  requireModule(from, name, options, isActual) {
    if (this.isSharing && !options?.isInternalModule && name && !this._resolution.isCoreModule(name)) {
      if (isShared.test(this._resolution.resolveCjs(from, name))) return createRequire(from)(name);
    }
    return super.requireModule(from, name, options, isActual);
  }

  #compile(source, path) {
    const known = compiled.get(path);
    if (known?.source === source) return known.run;
    const run = compileFunction(source, this.executor.injectedModuleParameters, { filename: path });
    compiled.set(path, { source, run });
    return run;
  }
}

module.exports = { __esModule: true, default: SharingRuntime };
