import { decideForce, decideStart, decideStop } from '../../functions/instance/decide';

const named = (name: string) => expect.objectContaining({ name });

describe('stop', () => {
  test('is called on a running instance', () => expect(decideStop('running', false)).toBe('call'));
  test('is observed, not repeated, when this incident asked before', () => {
    expect(decideStop('stopping', true)).toBe('observe');
    expect(decideStop('stopped', true)).toBe('observe');
  });
  test('leaves alone what somebody else stopped', () => {
    expect(() => decideStop('stopped', false)).toThrow(named('NotOursError'));
  });
  test('does not touch an instance that is still starting', () => {
    expect(() => decideStop('pending', false)).toThrow(named('IncorrectInstanceStateError'));
  });
});

describe('stop by force', () => {
  test('needs the owner’s leave', () =>
    expect(() => decideForce('stopping', true, false)).toThrow(named('ForceNotAllowedError')));
  test('is only for what this incident asked to stop', () =>
    expect(() => decideForce('stopping', false, true)).toThrow(named('NotOursError')));
  test('is not used once the instance is stopped', () => expect(decideForce('stopped', true, true)).toBe('observe'));
  test('is called with leave', () => expect(decideForce('stopping', true, true)).toBe('call'));
});

describe('start', () => {
  test('waits for the stop to end', () =>
    expect(() => decideStart('stopping', true)).toThrow(named('StillStoppingError')));
  test('never starts what somebody else stopped', () =>
    expect(() => decideStart('stopped', false)).toThrow(named('NotOursError')));
  test('is called on what this incident stopped', () => expect(decideStart('stopped', true)).toBe('call'));
  test('is not repeated once it took effect, though the instance went back', () =>
    expect(decideStart('stopped', true, true)).toBe('observe'));
  test('is observed when the instance is on its way', () => expect(decideStart('pending', true)).toBe('observe'));
});

test.each<[string, () => unknown]>([
  ['The instance is still starting, so it is not stopped.', () => decideStop('pending', false)],
  [
    'Someone else stopped the instance (it is stopped). Start it if it should be running.',
    () => decideStop('stopped', false),
  ],
  [
    'A forced stop is only used on an instance that this incident asked to stop.',
    () => decideForce('stopping', false, true),
  ],
  [
    'The stop hangs, and the owner has not allowed a forced stop. Force it yourself, then start the instance.',
    () => decideForce('stopping', true, false),
  ],
  [
    'The instance is stopped, but this incident did not stop it. Start it if it should be running.',
    () => decideStart('stopped', false),
  ],
  ['The instance is still stopping; it is started once it is stopped.', () => decideStart('stopping', true)],
])('a refusal says: %s', (message, decide) => {
  expect(decide).toThrow(expect.objectContaining({ message }));
});

test.each(['pending', 'running'] as const)(
  'a start of an instance that is %s is observed, whoever stopped it',
  (state) => {
    expect(decideStart(state, false)).toBe('observe');
  },
);
