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

describe('the whole notice', () => {
  const asked = { ...question, questionId: 'q-0123456789ab', needed: 1 };
  const linesOf = (change: object = {}) => buildQuestion({ ...asked, ...change }).text.split('\n');

  test('names request, reason, score, stage and deadline, a line each', () => {
    expect(linesOf().slice(0, -1)).toEqual([
      'Isolate i-0123456789abcdef0.',
      '',
      'Reason: GuardDuty: talks to a command and control server',
      'Score: GuardDuty severity 8 of 10',
      'Stage: prod',
      'Answer by 2026-03-02T10:00:00.000Z; no answer means no.',
      '',
      'Request: q-0123456789ab',
      'Yes: npm run approve -- inc-0123456789abcdef0123 --yes --stage prod --question q-0123456789ab',
      'No:  npm run approve -- inc-0123456789abcdef0123 --no --stage prod --question q-0123456789ab',
      '',
      'Or, with "yes" or "no" as the answer, signed with the credentials of your own session:',
    ]);
  });

  test('says what differs', () => {
    expect(linesOf({ score: undefined })).toContain('Score: none');
    expect(linesOf({ mode: 'observe' })).toContain('Stage: prod (observe: even a yes changes nothing)');
    expect(linesOf({ needed: 2 })).toContain('It takes a yes of 2 different people; a single no ends it.');
    expect(linesOf({ questionId: undefined }).join()).not.toMatch(/Request:|--question/);
  });

  test('has its title, its urgency, and what to do next', () => {
    const { subject, severity, chat } = buildQuestion(asked);
    const { content, metadata, id } = JSON.parse(chat);

    const title = 'Approve isolate? isolate-instance inc-0123456789abcdef0123';
    expect(subject).toBe(`PAGE ${title}`);
    expect(JSON.parse(buildQuestion({ ...asked, drill: true }).chat).content.title).toBe(`❓ [DRILL] ${title}`);
    expect(severity).toBe('page');
    expect(id).toBe('inc-0123456789abcdef0123-isolate');
    expect(content).toMatchObject({
      title: `❓ ${title}`,
      nextSteps: ['Answer yes or no before the deadline'],
      keywords: ['isolate-instance', 'prod', 'APPROVAL'],
    });
    expect(metadata).toMatchObject({
      threadId: 'inc-0123456789abcdef0123',
      eventType: 'APPROVAL',
      relatedResources: [],
    });
  });

  test('has the payload of a yes to this request', () => {
    const [, payload] = /--data '(.*?)'/.exec(linesOf().at(-1)!)!;

    expect(JSON.parse(payload!)).toEqual({
      incidentId: 'inc-0123456789abcdef0123',
      questionId: 'q-0123456789ab',
      subject: 'isolate',
      answer: 'yes',
    });
    expect(linesOf().at(-1)).toContain('aws:amz:us-east-1:lambda');
  });
});
