import { actionWindows } from '../../functions/anomaly/left-out';

const MINUTE = 60_000;

test('an hour before an action and half an hour after it are no baseline', () => {
  expect(actionWindows([600 * MINUTE, 900 * MINUTE], 2000 * MINUTE)).toEqual([
    [540 * MINUTE, 630 * MINUTE],
    [840 * MINUTE, 930 * MINUTE],
  ]);
});

test('nothing is left out of the stretch that is judged', () => {
  const [window] = actionWindows([600 * MINUTE], 610 * MINUTE);
  expect(window).toEqual([540 * MINUTE, 610 * MINUTE - 1]);
});
