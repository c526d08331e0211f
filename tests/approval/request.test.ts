import { buildQuestion } from '../../functions/approval/request';

const question = {
  incidentId: 'inc-0123456789abcdef0123',
  playbook: 'isolate-instance',
  stage: 'prod',
  region: 'us-east-1',
  subject: 'isolate' as const,
  drill: false,
  mode: 'act' as const,
  what: 'Isolate i-0123456789abcdef0.',
  why: 'GuardDuty: talks to a command and control server',
  score: 'GuardDuty severity 8 of 10',
  answerBy: '2026-03-02T10:00:00.000Z',
  answerFunction: 'incident-playbooks-prod-answer-approval',
};

test('a question says what will be done, why, the score, until when, and how to say yes or no', () => {
  const { text } = buildQuestion(question);
  for (const part of [question.what, question.why, question.score, question.answerBy, 'no answer means no'])
    expect(text).toContain(part);
  expect(text).toContain('npm run approve -- inc-0123456789abcdef0123 --yes --stage prod');
  expect(text).toContain('--function-name incident-playbooks-prod-answer-approval');
});

test('in observe mode it says that even a yes changes nothing', () => {
  expect(buildQuestion({ ...question, mode: 'observe' }).text).toContain('even a yes changes nothing');
});

test('its subject fits SNS: at most 100 characters of ASCII', () => {
  const { subject } = buildQuestion({ ...question, playbook: 'ü'.repeat(120) });
  expect(subject).toMatch(/^[\x20-\x7E]{1,100}$/);
});
