import type { ClosingIncident } from '../../functions/record/closing-incident';
import { codeOf, conclude, wordsOf, wordsOfFailure } from '../../functions/record/conclude';
import { closing as incident } from '../fixtures/closing';

const failed = (name: string, message: string) => ({ Error: name, Cause: JSON.stringify({ errorMessage: message }) });
const throttled = failed('ThrottledError', 'rate exceeded');
const plan = { action: 'stop-start' };
const down = { leftStopped: true, leftOutOfService: false, state: 'stopped' };
const out = { leftStopped: false, leftOutOfService: true, state: 'running' };
const membership = { verdict: 'DONE', membership: { group: 'web', targets: [] } };

test.each<[string, Partial<ClosingIncident>, string, string, string]>([
  [
    'nothing that concluded',
    {},
    'FAILED',
    'no-conclusion',
    'The playbook ended without a conclusion. This is a defect; report it.',
  ],
  [
    'changes that could not be verified, whatever else was found',
    {
      verifyFailure: throttled,
      failure: failed('TypeError', 'x'),
      recovery: { conclusion: { outcome: 'RESOLVED', code: 'recovered', reason: 'OK.' } },
    },
    'PARTIAL',
    'not-verified',
    'The changes could not be verified (rate exceeded). Check them; the record has the state before each change.',
  ],
  [
    'an account that cannot be reached',
    { failure: failed('PlaceUnreachableError', 'Account 210987654321 in us-east-1 cannot be reached.') },
    'ESCALATED',
    'place-unreachable',
    'Account 210987654321 in us-east-1 cannot be reached.',
  ],
  [
    'an account that cannot be reached any more, with the instance left stopped',
    { failure: failed('PlaceUnreachableError', 'Account 210987654321 cannot be reached.'), compensation: down, plan },
    'ESCALATED',
    'left-stopped',
    'Account 210987654321 cannot be reached. The instance is stopped. Check that it is running, and start it if it is not.',
  ],
  [
    'an instance left stopped',
    { failure: throttled, compensation: down, plan },
    'ESCALATED',
    'left-stopped',
    'Rate exceeded. The instance is stopped. Check that it is running, and start it if it is not.',
  ],
  [
    'an instance left out of service',
    { failure: throttled, compensation: out, plan },
    'ESCALATED',
    'left-out-of-service',
    'Rate exceeded. The instance is out of service: put it back in service.',
  ],
  [
    'one that was put back',
    { failure: throttled, compensation: out, plan, returning: { verdict: 'DONE' } },
    'FAILED',
    'throttled',
    'A step failed after all retries. Rate exceeded.',
  ],
  [
    'an instance that is gone',
    { failure: failed('InstanceGoneError', 'It is terminated.'), plan },
    'GONE',
    'instance-gone',
    'It is terminated.',
  ],
  [
    'a guard that refused',
    { failure: failed('ProtectedInstanceError', 'It is protected!') },
    'SKIPPED',
    'protected',
    'It is protected!',
  ],
  [
    'an instance whose state could not be read',
    { failure: throttled, plan },
    'ESCALATED',
    'throttled',
    'Rate exceeded. Whether the instance is running, or out of service, could not be read. Check it now.',
  ],
  [
    'a failure while it was only watched',
    { failure: throttled, plan: { action: 'watch' } },
    'FAILED',
    'throttled',
    'A step failed after all retries. Rate exceeded.',
  ],
  [
    'a failure before any plan',
    { failure: failed('AccessDenied', '  is it allowed?  ') },
    'FAILED',
    'step-failed',
    'A step failed after all retries. AccessDenied:   is it allowed?',
  ],
  [
    'an instance in two target groups, of no Auto Scaling group, that is still out',
    {
      plan,
      leaving: { verdict: 'DONE', membership: { targets: [{}, {}] } },
      poll: { conclusion: { outcome: 'RESOLVED', code: 'recovered', reason: 'OK.' } },
    },
    'ESCALATED',
    'left-out-of-service',
    'OK. The instance is still out of service: put it back in service.',
  ],
  [
    'one whose reason says so already',
    {
      plan,
      leaving: membership,
      returning: {
        verdict: 'OVERDUE',
        conclusion: { outcome: 'FAILED', code: 'not-back-in-service', reason: 'It is out of service.' },
      },
    },
    'FAILED',
    'not-back-in-service',
    'It is out of service.',
  ],
])('%s', (_what, change, outcome, code, reason) => {
  expect(conclude(incident(change))).toEqual({ outcome, code, reason });
});

test('a threat that a guard left standing escalates', () => {
  const failure = failed('KillSwitchOnError', 'The kill switch is on.');

  expect(conclude(incident({ playbook: 'isolate-instance', trigger: 'finding', failure }))).toEqual({
    outcome: 'ESCALATED',
    code: 'kill-switch-on',
    reason:
      'The kill switch is on. Nothing was contained: turn the kill switch off and start the playbook, or contain it yourself.',
  });
});

test.each([
  ['{"errorMessage":"why"}', 'why'],
  ['{"errorMessage":7}', '7'],
  ['{"other":"why"}', '{"other":"why"}'],
  ['null', 'null'],
  ['"text"', '"text"'],
  ['{"errorMessage":', '{"errorMessage":'],
  ['x'.repeat(600), 'x'.repeat(500)],
  [JSON.stringify({ errorMessage: 'y'.repeat(600) }), 'y'.repeat(500)],
])('the words of a cause: %#', (cause, words) => {
  expect(wordsOf(cause)).toBe(words);
});

test('the words of a failure are never empty, and name an error that no code covers', () => {
  expect(wordsOfFailure({ Error: 'ThrottledError', Cause: '' })).toBe('ThrottledError');
  expect(wordsOfFailure({ Error: 'TypeError', Cause: 'x is not a function' })).toBe('TypeError: x is not a function');
  expect(wordsOfFailure({ Error: 'TypeError', Cause: 'a TypeError' })).toBe('a TypeError');
});

test.each([
  ['InsufficientCapacityError', 'insufficient-capacity'],
  ['Lambda.TooManyRequestsException', 'lambda-too-many-requests'],
  ['States.DataLimitExceeded', 'states-data-limit-exceeded'],
  ['ErrorOfNobody', 'step-failed'],
  ['ThrottledErrors', 'step-failed'],
])('%s has the code %s', (error, code) => {
  expect(codeOf(error)).toBe(code);
});
