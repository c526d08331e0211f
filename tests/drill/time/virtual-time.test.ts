import { VirtualTime, VirtualTimeCeilingError, VirtualTimeDeadlockError } from '../../../drill/time/virtual-time';

const start = new Date('2026-03-01T12:00:00.000Z');
const realImmediate = setImmediate;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('virtual time', () => {
  let time: VirtualTime;
  beforeEach(() => {
    time = VirtualTime.install(start);
  });
  afterEach(() => time.uninstall());

  test('a wait of hours ends at once, and the clock shows the hours', async () => {
    await time.run(sleep(3 * 3_600_000));

    expect(new Date().toISOString()).toBe('2026-03-01T15:00:00.000Z');
  });

  test('timers fire in the order of their times, whatever runs between them', async () => {
    const seen: string[] = [];
    const walk = async (name: string, step: number) => {
      for (let i = 1; i <= 3; i += 1) {
        await sleep(step);
        seen.push(`${name}${i}@${Date.now() - start.getTime()}`);
      }
    };

    await time.run(Promise.all([walk('a', 1000), walk('b', 1500)]));

    expect(seen).toEqual(['a1@1000', 'b1@1500', 'a2@2000', 'b2@3000', 'a3@3000', 'b3@4500']);
  });

  test('the clock stands still while real work is going on', async () => {
    let timerFired = false;
    setTimeout(() => {
      timerFired = true;
    }, 10);
    const work = new Promise<void>((resolve) => {
      let turns = 50;
      const turn = () => {
        turns -= 1;
        if (turns === 0) resolve();
        else realImmediate(turn);
      };
      turn();
    });
    let firedDuringWork = true;

    await time.run(
      time.realWork(work).then(() => {
        firedDuringWork = timerFired;
      }),
    );

    expect(firedDuringWork).toBe(false);
  });

  test('a rejection is handed on', async () => {
    const failing = sleep(5000).then(() => {
      throw new Error('broken step');
    });

    await expect(time.run(failing)).rejects.toThrow('broken step');
  });

  test('a promise that nothing can settle any more is a named error, not a hang', async () => {
    await expect(time.run(new Promise(() => {}))).rejects.toThrow(VirtualTimeDeadlockError);
  });

  test('an interval cannot keep a lost promise waiting for ever', async () => {
    const interval = setInterval(() => {}, 60_000);

    await expect(time.run(new Promise(() => {}), 3_600_000)).rejects.toThrow(VirtualTimeCeilingError);
    clearInterval(interval);
  });

  test('runUntil stops at the first rest at which the predicate holds', async () => {
    let minutes = 0;
    const interval = setInterval(() => {
      minutes += 1;
    }, 60_000);

    await time.runUntil(() => minutes === 5);

    expect(Date.now() - start.getTime()).toBe(5 * 60_000);
    clearInterval(interval);
  });

  test('requests of a tracked client hold the clock, those of an untracked one no longer do', async () => {
    type Middleware = (next: (args: unknown) => Promise<unknown>) => (args: unknown) => Promise<unknown>;
    const added = new Map<string, Middleware>();
    const client = {
      middlewareStack: {
        add: (middleware: never, { name }: { name: string }) => void added.set(name, middleware),
        remove: (name: string) => added.delete(name),
      },
    };
    const detach = time.trackIo(client);
    const [middleware] = added.values();
    const answered = middleware?.((args) => Promise.resolve(args))('request');

    await expect(answered).resolves.toBe('request');
    detach();
    expect(added.size).toBe(0);
  });
});

test('the process has its own clock back after uninstall', () => {
  const before = Date.now();
  const time = VirtualTime.install(new Date('2001-01-01T00:00:00Z'));

  time.uninstall();

  expect(Date.now()).toBeGreaterThanOrEqual(before);
});

test('a speed makes the drill wait for real, in proportion', async () => {
  const waits: number[] = [];
  const wait = (realMs: number) => {
    waits.push(realMs);
    return Promise.resolve();
  };
  const time = VirtualTime.install(start, { speed: 3600, wait });

  await time.run(sleep(180_000).then(() => sleep(3_600_000)));
  time.uninstall();

  expect(waits).toEqual([50, 1000]);
});

test.each([0, -1, Number.NaN])('a speed of %p is refused', (speed) => {
  expect(() => VirtualTime.install(start, { speed })).toThrow(RangeError);
});
