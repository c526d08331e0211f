const { TestEnvironment } = require('jest-environment-node');

// Runs a test once as it is, once more to see that it can be repeated, and then once for each mutant that it reaches, all
// in one load of its file. A kill counts only if the test passes again right afterwards without the mutant: what a mutant
// leaves behind in the file's state then kills no other one.

/** Where the runner leaves what to do and finds what was seen: jest loads this file in the runner's own process. */
const shared = Symbol.for('mutants');
/** A test that takes this many times as long, and this many milliseconds, hangs. */
const [patience, leastPatience] = [20, 3_000];
/** Longer tests, in milliseconds, are left to the second pass: there few mutants are left. */
const longest = 1_000;
/** A mutant that is reached this many times as often loops without end. */
const mostHits = 100;
/** A test that comes by more mutants than without one, this many and those times the patience, loops without end. */
const leastLooks = 10_000;

module.exports = class ManyMutants extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.stryker = this.global.__stryker__ = {};
    this.roles = new Map();
    this.countLooks();
  }

  /** Each mutant on the way asks which one is active. A loop without end need not pass the one that made it so. */
  countLooks() {
    let active;
    Object.defineProperty(this.stryker, 'activeMutant', {
      get: () => {
        if (++this.looks > this.mostLooks) throw new Error('the test loops without end');
        return active;
      },
      set: (mutant) => {
        active = mutant;
        this.looks = 0;
        this.mostLooks = Number.POSITIVE_INFINITY;
      },
    });
    this.stryker.activeMutant = undefined;
  }

  handleTestEvent({ name, test }, { rootDescribeBlock }) {
    if (name === 'run_start') this.multiply(rootDescribeBlock);
    const role = test && this.roles.get(test);
    if (!role) return;
    if (name === 'test_start') this.begin(test, role);
    if (name === 'test_done') this.end(test, role);
  }

  multiply(block) {
    block.children = block.children.flatMap((child) => {
      if (child.type === 'describeBlock') this.multiply(child);
      return child.type === 'test' ? this.repeated(child) : [child];
    });
  }

  repeated(test) {
    const mutants = Object.entries(globalThis[shared].coverage[fullName(test)] ?? {});
    if (test.mode || test.concurrent || test.failing || test.fn?.length) return [test];
    const of = { id: fullName(test), isUsable: false, failed: undefined, looks: 0 };
    const copy = (role) => {
      const one = { ...test, errors: [], invocations: 0, retryReasons: [] };
      one.unhandledRejectionErrorByPromise = new Map();
      this.roles.set(one, { ...role, of, original: test });
      return one;
    };
    const more = mutants.flatMap(([mutant, hits]) => [copy({ mutant, hits }), copy({ isCheck: true })]);
    return [test, copy({ isFirst: true }), ...more];
  }

  begin(test, { of, original, isFirst, isCheck, mutant, hits }) {
    const { killed } = globalThis[shared];
    const isIdle = isFirst
      ? original.errors.length > 0 || (original.duration ?? 0) > longest
      : !of.isUsable || (isCheck ? of.failed === undefined : killed[mutant] !== undefined);
    if (isIdle) test.mode = 'skip';
    if (isFirst) this.stryker.activeMutant = undefined;
    if (isIdle || isFirst || isCheck) return;
    test.timeout = Math.max(leastPatience, patience * (original.duration ?? 0));
    Object.assign(this.stryker, { activeMutant: mutant, hitCount: 0, hitLimit: mostHits * hits });
    this.mostLooks = patience * of.looks + leastLooks;
  }

  end(test, { of, isFirst, isCheck, mutant }) {
    const { killed, passed } = globalThis[shared];
    // What runs once, when a module is loaded, is not reached again: that needs a load of its own.
    const isReached = this.stryker.hitCount > 0;
    if (isFirst) of.looks = this.looks;
    Object.assign(this.stryker, { activeMutant: undefined, hitCount: undefined });
    const isFailed = test.errors.length > 0;
    test.errors = [];
    if (isFirst) of.isUsable = !isFailed;
    else if (isCheck) {
      if (isFailed) of.isUsable = false;
      else if (of.failed) killed[of.failed] = of.id;
      of.failed = undefined;
    } else if (isFailed) of.failed = isReached ? mutant : '';
    else if (isReached) passed[mutant] = [...(passed[mutant] ?? []), of.id];
  }
};

/** A test's name as Stryker's Jest runner makes it. */
function fullName({ parent, name }) {
  const before = parent?.parent ? `${fullName(parent)} ` : '';
  return `${before}${name}`;
}
