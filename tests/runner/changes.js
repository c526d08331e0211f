const { AsyncLocalStorage } = require('node:async_hooks');
const { syncBuiltinESMExports } = require('node:module');
const { signals } = require('node:os').constants;
const timers = require('node:timers');

/** Where the package `expect` keeps its matchers, for good. */
const matchers = Symbol.for('$$jest-matchers-object');

/** @returns a function that gives each property the value that it has now, and removes those that came since */
function watchProperties(object) {
  const before = Object.getOwnPropertyDescriptors(object);
  return () => {
    for (const key of Reflect.ownKeys(object)) if (!Object.hasOwn(before, key)) Reflect.deleteProperty(object, key);
    for (const key of Reflect.ownKeys(before)) {
      // An emitter's own account of its listeners.
      if (String(key).startsWith('_event')) continue;
      const now = Object.getOwnPropertyDescriptor(object, key);
      const was = before[key];
      if (now?.value !== was.value || now?.get !== was.get || now?.set !== was.set)
        Object.defineProperty(object, key, was);
    }
  };
}

/** @returns a function that takes away the listeners for signals that came since */
function watchSignals() {
  const listeners = () =>
    Object.keys(signals).flatMap((name) => process.listeners(name).map((listener) => ({ name, listener })));
  const before = new Set(listeners().map(({ listener }) => listener));
  return () => {
    for (const { name, listener } of listeners()) if (!before.has(listener)) process.removeListener(name, listener);
  };
}

/** One that was ever used goes along with every promise of the process, up to Node 22; the suites have hundreds. */
const used = new Set();
for (const method of ['run', 'enterWith']) {
  const original = AsyncLocalStorage.prototype[method];
  AsyncLocalStorage.prototype[method] = function (...args) {
    used.add(this);
    return original.apply(this, args);
  };
}

function forgetStorages() {
  // A storage that is used again enables itself.
  for (const storage of used) storage.disable();
  used.clear();
}

function forgetMatchers() {
  if (globalThis[matchers])
    Object.assign(globalThis[matchers], { customEqualityTesters: [], matchers: Object.create(null) });
}

/** @returns a function that gives the process back what has changed in it since */
function watchProcess() {
  const { exitCode } = process;
  const directory = process.cwd();
  const putBack = [watchSignals(), ...[globalThis, timers, process, process.env].map(watchProperties)];
  return () => {
    for (const one of putBack) one();
    process.exitCode = exitCode;
    if (process.cwd() !== directory) process.chdir(directory);
    syncBuiltinESMExports();
  };
}

module.exports = { watchProcess, forgetStorages, forgetMatchers };
