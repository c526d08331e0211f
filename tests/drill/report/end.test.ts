import { endOf, isOver, spanOf, whatToDo } from '../../../drill/report/end';
import { execution, reportInput, start } from '../../fixtures/report';

const incident = reportInput().incidents[0]!;
const ended = (outcome: string) => reportInput({ incidents: [{ ...incident, outcome }] });

test('a run lasts from its first record to its last end, not as long as its simulation', () => {
  expect(spanOf(reportInput())).toEqual({ from: start, to: start + 11_100 });
  expect(isOver(reportInput())).toBe('Yes: ended at 09:00:11 UTC, after 11 s.');
});

test.each([
  ['RESOLVED', /^No action is needed; the weekly review/],
  ['ESCALATED', /^Someone is needed now: the reason says/],
  ['INEFFECTIVE', /^Someone should look today: find the cause/],
  ['CONTAINED', /^No action is needed: investigate .*; then release\.$/],
])('%s says what to do', (outcome, text) => {
  expect(whatToDo(ended(outcome))).toMatch(text);
});

test('what automation has left to a person is not over', () => {
  expect(isOver(ended('ESCALATED'))).toBe('No: automation ended at 09:00:11 UTC, after 11 s, and left it to a person.');
  expect(isOver(ended('SKIPPED'))).toMatch(/^Yes: /);
});

test('what has not ended is not over, and what was cut is not known', () => {
  const { endedAt: _endedAt, ...rest } = execution();
  const running = reportInput({ executions: [{ ...rest, status: 'RUNNING' }] });

  expect(isOver(running)).toBe('No: 1 execution had not ended at 09:01:00 UTC.');
  expect(endOf(reportInput({ isCut: true })).word).toBe('NOT KNOWN');
  expect(isOver(reportInput({ isCut: true }))).toMatch(/^Not known/);
});

test('a record that an execution left open does not hide that it failed', () => {
  const { outcome: _outcome, reason: _reason, closedAt: _closedAt, ...open } = incident;
  const failed = execution({ status: 'FAILED', error: 'Boom', cause: 'It broke.' });
  const input = reportInput({ incidents: [{ ...open, status: 'OPEN' }], executions: [failed] });

  expect(endOf(input)).toEqual({ word: 'FAILED', why: 'Boom: It broke.', tone: 'bad' });
  expect(whatToDo(input)).toBe('Look at the execution: it failed before the incident was closed.');
});

test('nothing that was started is over, and asks for nothing', () => {
  const input = reportInput({ executions: [], incidents: [] });

  expect([isOver(input), whatToDo(input)]).toEqual(['Yes: nothing was started.', 'Nothing.']);
});

test('where a person is called, the line of the code is said: it knows more than the outcome', () => {
  const hangs = reportInput({ incidents: [{ ...incident, outcome: 'ESCALATED', code: 'stop-hangs' }] });

  expect(whatToDo(hangs)).toBe('Someone is needed now: force the stop, or ask AWS Support; then start the instance.');
});
