import type { CallFact, RunFacts } from '../../../drill/check/facts';
import { onlyOwnStops } from '../../../drill/check/own-stops';

const call = (seq: number, command: string, change: Partial<CallFact> = {}): CallFact => ({
  seq,
  at: seq,
  service: 'ec2',
  command,
  input: {},
  caller: { functionName: 'f', executionId: 'e1', stateName: 's' },
  result: 'ok',
  mutating: true,
  effective: true,
  resources: ['i-1'],
  ...change,
});
const check = (...calls: CallFact[]) =>
  onlyOwnStops({ calls } as unknown as RunFacts).map(({ invariant }) => invariant);

test('a start after a stop of ours is right', () => {
  expect(check(call(1, 'StopInstances'), call(2, 'StartInstances'))).toEqual([]);
});

test('a start after a stop that stopped nothing is of what somebody else stopped', () => {
  expect(check(call(1, 'StopInstances', { effective: false }), call(2, 'StartInstances'))).toEqual(['B']);
});

test.each([
  ['whose answer was lost', { effective: false, result: 'no-answer' as const }],
  ['that failed', { effective: false, result: 'error' as const }],
  ['of another instance', { effective: false, resources: ['i-2'] }],
])('a stop %s proves nothing', (_what, change) => {
  expect(check(call(1, 'StopInstances', change), call(2, 'StartInstances'))).toEqual([]);
});
