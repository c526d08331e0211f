import { endedByPassing } from '../../../drill/chaos/passing';

const refusal = { name: 'passing-refusal', command: 'AuthorizeSecurityGroupEgress', code: 'InternalError' };
const closedAt = '2026-03-02T09:10:00.000Z';
const executionId = 'execution-of-it';
const ended = (
  reason: string,
  outcome: 'FAILED' | 'RESOLVED' = 'FAILED',
  others: object[] = [],
  ledger: object[] = [],
) =>
  endedByPassing([refusal, ...others] as never, {
    incidents: [{ outcome, reason, executionId, closedAt }] as never,
    ledger: ledger as never,
  });

/** A call of the incident's execution, in a state, so many seconds after nine; answered unless it is refused with a code. */
const call = (command: string, second: number, errorName?: string, stateName = 'Isolate', of = executionId) => ({
  command,
  at: Date.parse('2026-03-02T09:00:00.000Z') + second * 1000,
  caller: { executionId: of, stateName },
  ...(errorName ? { result: 'error', errorName } : { result: 'ok' }),
});
const own = refusal.command;
const attributed = (...ledger: object[]) => ended('InternalError', 'FAILED', [], ledger);

test('an incident that ended by the rejection is told', () => {
  expect(ended('A step failed after all retries. InternalError: The call was refused.')).toHaveLength(1);
  expect(ended('A step failed: InternalError.')).toHaveLength(1);
});

test.each([
  ['another code that begins alike', ended('A step failed. InternalErrorException: An internal error.')],
  ['a good end', ended('InternalError', 'RESOLVED')],
  ['a call that another fault wears out', ended('InternalError', 'FAILED', [{ ...refusal, name: 'api-error' }])],
  [
    'a session that is refused with the same code',
    ended('InternalError', 'FAILED', [{ name: 'answer-lost', command: 'AssumeRole', times: 6 }]),
  ],
])('%s is not', (_what, found) => {
  expect(found).toEqual([]);
});

test.each([
  ['the only call that was refused with the code', attributed(call(own, 1, 'InternalError'))],
  [
    'refused in the end, though another call was refused with the code, too',
    attributed(call('CreateTags', 1, 'InternalError'), call(own, 2, 'InternalError')),
  ],
  [
    'refused in one state, and answered in another',
    attributed(call('CreateTags', 1, 'InternalError'), call(own, 2, 'InternalError'), call(own, 3, undefined, 'Tidy')),
  ],
  [
    'refused with the code, and the other call with another',
    attributed(call(own, 1, 'InternalError'), call(own, 2), call('CreateTags', 3, 'Unavailable')),
  ],
  [
    'refused, and the other call in another incident’s execution',
    attributed(call(own, 1, 'InternalError'), call('CreateTags', 2, 'InternalError', 'Isolate', 'another')),
  ],
  [
    'refused, and the other call after the end of the incident',
    attributed(call(own, 1, 'InternalError'), call(own, 2), call('CreateTags', 900, 'InternalError')),
  ],
  [
    'refused, with an error of AWS in a call that is not of this incident',
    ended('InternalError', 'FAILED', [{ name: 'api-error', command: 'CreateTags' }], [call(own, 1, 'InternalError')]),
  ],
])('the rejection ended the incident: it was %s', (_what, found) => {
  expect(found).toHaveLength(1);
});

test.each([
  ['another call alone was refused with the code', attributed(call('CreateTags', 1, 'InternalError'))],
  [
    'it passed, and another call was refused with the code after it',
    attributed(call(own, 1, 'InternalError'), call(own, 2), call('CreateTags', 3, 'InternalError')),
  ],
  [
    'it came after the end, as with a notice, and another call was refused with the code before',
    attributed(call('FilterLogEvents', 1, 'InternalError'), call(own, 900, 'InternalError')),
  ],
])('the rejection did not end the incident: %s', (_what, found) => {
  expect(found).toEqual([]);
});
