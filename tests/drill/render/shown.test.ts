import { liveLines, type Running } from '../../../drill/live/lines';
import { headLines, progressLine, resultLines } from '../../../drill/render/lines';
import { nextLines } from '../../../drill/render/next';
import { cleanFor, plainPaint } from '../../../drill/render/paint';
import { forTerminal, shown, toJson } from '../../../drill/render/shown';
import { tableLines } from '../../../drill/render/table';
import type { DrillResult } from '../../../drill/scenario/result';
import { call, execution, reportInput, start } from '../../fixtures/report';

/** A title for the window, a clear screen, red, a backspace, the C1 form of an escape, and a turn of the reading direction. */
const hostile = 'a\u001b]0;owned\u0007\u001b[2J\u001b[31mPAGE\u0008\u009b31m\u202e\u2028';
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/;

const history = execution().history.map((event) => ('state' in event ? { ...event, state: hostile } : event));
const failed = {
  type: 'StateFailed',
  at: start,
  state: hostile,
  stateType: 'Task',
  error: hostile,
  cause: hostile,
} as const;
const one = {
  ...execution({ machine: `x:${hostile}` }),
  history: [...history.slice(0, 2), failed, ...history.slice(2)],
};
const result = {
  ...reportInput(),
  scenario: { name: hostile, story: hostile, seed: 1, stage: 'dev', mode: 'act', playbook: hostile },
  executions: [one],
  ledger: [call({ resources: [hostile], caller: { functionName: 'f', executionId: one.id, stateName: hostile } })],
  alarms: [{ alarmName: hostile, state: 'ALARM', at: start, reason: hostile }],
  incidents: reportInput().incidents.map((incident) => ({
    ...incident,
    incidentId: hostile,
    alarmName: hostile,
    instanceId: hostile,
    reason: hostile,
    timeline: [{ key: 'k', at: new Date(start).toISOString(), what: hostile }],
  })),
  checks: [{ what: hostile, ok: false, expected: hostile, actual: hostile }],
  ok: false,
} as unknown as DrillResult;
const running = one as unknown as Running;

test.each<[string, () => (string | undefined)[]]>([
  ['the head', () => headLines({ name: hostile, story: hostile, mode: 'act', stage: 'dev' }, plainPaint)],
  ['every state', () => resultLines(result, plainPaint, true)],
  ['the beats', () => resultLines(result, plainPaint, false)],
  ['a line as it happens', () => one.history.map((event) => progressLine(event, plainPaint))],
  ['the live view', () => liveLines([running], result.ledger, 50, plainPaint, true)],
  ['the live view in beats', () => liveLines([running], result.ledger, 50, plainPaint, false)],
  ['the table', () => tableLines([result], new Map(), plainPaint)],
  ['what to try next', () => nextLines(result, { isVerbose: false, isScenario: true }, plainPaint)],
])('%s lets nothing from outside steer a terminal', (_title, lines) => {
  const text = lines().join('\n');

  expect(text).toContain('PAGE');
  expect(text).not.toMatch(steering);
});

/** As `paint` colours a text on a terminal. */
const red = '\u001b[31mno\u001b[39m';

test('our own colours pass, and nothing else that would steer', () => {
  expect(forTerminal(`${red} \u001b[2J\u001b]0;x\u0007`)).toBe(`${red} \ufffd[2J\ufffd]0;x\ufffd`);
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{}, {}, false],
])('on %j with %j our colours pass: %p', (stream, environment, pass) => {
  expect(cleanFor(stream, environment)(red) === red).toBe(pass);
});

test('tabs, line ends and letters of any script are shown as they are', () => {
  expect(shown('a\tb\nschön 執行 ✔')).toBe('a\tb\nschön 執行 ✔');
});

test('JSON says the same with escapes', () => {
  const text = toJson({ hostile });

  expect(text).not.toMatch(steering);
  expect(JSON.parse(text)).toEqual({ hostile });
});
