import { endedByPassing } from '../../../drill/chaos/passing';

const refusal = { name: 'passing-refusal', command: 'AuthorizeSecurityGroupEgress', code: 'InternalError' };
const ended = (reason: string, outcome: 'FAILED' | 'RESOLVED' = 'FAILED', others: object[] = []) =>
  endedByPassing([refusal, ...others] as never, { incidents: [{ outcome, reason }] as never });

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
