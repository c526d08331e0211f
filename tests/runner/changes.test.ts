import { AsyncLocalStorage } from 'node:async_hooks';
import timers from 'node:timers';
import FakeTimers from '@sinonjs/fake-timers';
import { forgetStorages, watchProcess } from './changes';

const world = globalThis as Record<string, unknown>;

test('what a test file changes in globals, environment and process is put back', () => {
  const { setTimeout: realSetTimeout, Date: realDate } = globalThis;
  const [exitCode, directory, before] = [process.exitCode, process.cwd(), process.listenerCount('SIGINT')];
  process.env.CHANGED = 'before';
  const putBack = watchProcess();

  FakeTimers.install();
  Object.assign(process.env, { ADDED: 'by a test', CHANGED: 'by a test' });
  Object.assign(globalThis, { added: 1, fetch: 'none' });
  process.exitCode = 1;
  process.argv = ['node', 'drill'];
  process.chdir('/');
  process.on('SIGINT', () => {});
  expect([globalThis.Date === realDate, timers.setTimeout === realSetTimeout]).toEqual([false, false]);
  putBack();

  expect([globalThis.Date === realDate, globalThis.setTimeout === realSetTimeout]).toEqual([true, true]);
  expect(timers.setTimeout).toBe(realSetTimeout);
  expect([process.env.ADDED, process.env.CHANGED]).toEqual([undefined, 'before']);
  expect([world.added, typeof world.fetch]).toEqual([undefined, 'function']);
  expect(process.argv).not.toContain('drill');
  expect([process.exitCode, process.cwd(), process.listenerCount('SIGINT')]).toEqual([exitCode, directory, before]);
});

test('a storage that was forgotten is empty, and is there again for whoever uses it', () => {
  const storage = new AsyncLocalStorage<string>();
  storage.enterWith('of the last file');
  forgetStorages();

  expect(storage.getStore()).toBeUndefined();
  expect(storage.run('of this one', () => storage.getStore())).toBe('of this one');
});
