import { approvalSchema, noAnswer, questionIdSchema, verdictOf } from '../../functions/approval/approval';

const at = '2026-11-24T02:00:00.000Z';
const asked = { subject: 'isolate' as const, what: 'Isolate i-1.', mode: 'act' as const };

test('a yes approves', () => {
  expect(verdictOf(asked, 'yes', 'alice', at)).toEqual({
    subject: 'isolate',
    answeredBy: 'alice',
    at,
    verdict: 'APPROVED',
  });
});

test.each(['act', 'observe'] as const)('in mode %s a no changes nothing, and says who said it', (mode) => {
  expect(verdictOf({ ...asked, mode }, 'no', 'alice', at)).toEqual({
    subject: 'isolate',
    answeredBy: 'alice',
    at,
    verdict: 'DENIED',
    conclusion: {
      outcome: 'SKIPPED',
      code: 'denied',
      reason: 'Denied by alice, so nothing was changed. The request was: Isolate i-1.',
    },
  });
});

test('in observe mode even a yes changes nothing', () => {
  expect(verdictOf({ ...asked, mode: 'observe' }, 'yes', 'alice', at)).toEqual({
    subject: 'isolate',
    answeredBy: 'alice',
    at,
    verdict: 'OBSERVED',
    conclusion: {
      outcome: 'OBSERVED',
      code: 'would-isolate',
      reason: 'Observe mode: approved by alice; automation would now do this: Isolate i-1.',
    },
  });
});

test('no answer means no, and escalates', () => {
  expect(noAnswer('block', 'Block 198.51.100.7/32.', at)).toEqual({
    verdict: 'NO_ANSWER',
    subject: 'block',
    at,
    conclusion: {
      outcome: 'ESCALATED',
      code: 'no-answer',
      reason:
        'Nobody answered in time, which means no, so nothing was changed. The request was: Block 198.51.100.7/32.',
    },
  });
});

test.each([
  ['q-0123456789ab', true],
  ['q-0123456789abc', false],
  ['xq-0123456789ab', false],
  ['q-0123456789AB', false],
  ['q-', false],
])('%s is the ID of a request: %s', (id, is) => {
  expect(questionIdSchema.safeParse(id).success).toBe(is);
});

describe('a stored request', () => {
  const stored = {
    incidentId: 'inc-0',
    subject: 'isolate',
    playbook: 'isolate-instance',
    mode: 'act',
    what: 'Isolate i-1.',
    askedAt: at,
    answerBy: at,
    status: 'OPEN',
  };

  test('of an earlier release, with no ID, execution, target or hash, can be read', () => {
    expect(approvalSchema.parse(stored)).toEqual(stored);
  });

  test('keeps what its target says, also what only one subject knows', () => {
    const target = { instanceId: 'i-1', volumes: 2 };

    expect(approvalSchema.parse({ ...stored, target, laterTokens: ['b'] })).toMatchObject({
      target,
      laterTokens: ['b'],
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['a status that there is not', { status: 'DONE' }],
    ['a subject that there is not', { subject: 'delete' }],
    ['a mode that there is not', { mode: 'maybe' }],
    ['an answer that is neither yes nor no', { answer: 'perhaps' }],
    ['an ID of another kind', { questionId: 'inc-0' }],
  ])('with %s is refused', (_what, change) => {
    expect(approvalSchema.safeParse({ ...stored, ...change }).success).toBe(false);
  });

  test.each(['OPEN', 'DELIVERING', 'ANSWERED', 'EXPIRED'])('may be %s', (status) => {
    expect(approvalSchema.safeParse({ ...stored, status }).success).toBe(true);
  });
});
