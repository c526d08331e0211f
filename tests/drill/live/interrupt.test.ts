import { untilInterrupted } from '../../../drill/live/interrupt';

test('Ctrl-C aborts the signal, and goes on being listened to until the work is done', async () => {
  const before = process.listenerCount('SIGINT');

  const seen = await untilInterrupted(async (signal) => {
    process.emit('SIGINT');
    return { aborted: signal.aborted, listeners: process.listenerCount('SIGINT') };
  });

  expect(seen).toEqual({ aborted: true, listeners: before + 1 });
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('work that fails is no longer listened for either', async () => {
  const before = process.listenerCount('SIGINT');

  await expect(untilInterrupted(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(process.listenerCount('SIGINT')).toBe(before);
});
