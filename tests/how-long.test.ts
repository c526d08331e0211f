import { howLong } from './how-long';

test.each([
  [undefined, '190 test suites, 2 at a time: this takes several minutes; the next run here will say how many.'],
  [430_000, '190 test suites, 2 at a time: this takes about 8 minutes, as it did the last time here.'],
  [20_000, '190 test suites, 2 at a time: this takes about 1 minute, as it did the last time here.'],
])('a run of which the last took %p ms says so first', (tookMs, line) => {
  expect(howLong(190, 2, tookMs)).toBe(line);
});
