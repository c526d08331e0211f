import { atOnce } from '../../functions/shared/at-once';

test('so many at a time, and the results in the order of the items', async () => {
  let [running, most] = [0, 0];
  const found = await atOnce([30, 1, 20, 1, 10], 2, async (milliseconds) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    running--;
    return milliseconds;
  });

  expect(found).toEqual([30, 1, 20, 1, 10]);
  expect(most).toBe(2);
});

test('an error begins nothing more, and waits for what has begun', async () => {
  const done: number[] = [];
  const work = async (item: number) => {
    if (item === 1) throw new Error('refused');
    await new Promise((resolve) => setImmediate(resolve));
    done.push(item);
  };

  await expect(atOnce([0, 1, 2, 3], 2, work)).rejects.toThrow('refused');
  expect(done).toEqual([0]);
});

test('of nothing there is nothing', async () => {
  expect(await atOnce([], 5, async (one) => one)).toEqual([]);
});
