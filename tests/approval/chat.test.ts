import { chatSettings, whyNotFromChat } from '../../functions/approval/chat';
import { inWords } from '../../functions/approval/in-words';
import { buildQuestion } from '../../functions/approval/request';

const settings = { CHAT_ANSWERS: ['block-traffic'], REQUESTER_MAY_APPROVE: 'no' as const };
const asked = { playbook: 'block-traffic', needed: 1 };

test.each<[string, string[]]>([
  ['', []],
  [' , ', []],
  ['block-traffic', ['block-traffic']],
  [' block-traffic , patch-instance,', ['block-traffic', 'patch-instance']],
])('a stage that takes answers from chat for %j names %j', (CHAT_ANSWERS, playbooks) => {
  expect(chatSettings.parse({ CHAT_ANSWERS })).toEqual({ CHAT_ANSWERS: playbooks, REQUESTER_MAY_APPROVE: 'no' });
});

describe('chat does not say who answers', () => {
  test('so that it takes a no of anybody', () => {
    expect(whyNotFromChat({ ...asked, needed: 2, requestedBy: 'kim' }, 'no', settings)).toBeUndefined();
  });

  test('but no yes where two people, or another one, have to give it', () => {
    expect(whyNotFromChat({ ...asked, needed: 2 }, 'yes', settings)).toMatch(/^it takes a yes of 2 different people/);
    expect(whyNotFromChat({ ...asked, requestedBy: 'kim' }, 'yes', settings)).toMatch(/^kim started this playbook/);
  });

  test('which does not matter where whoever started the playbook may approve it', () => {
    const allowed = { ...settings, REQUESTER_MAY_APPROVE: 'yes' as const };

    expect(whyNotFromChat({ ...asked, requestedBy: 'kim' }, 'yes', allowed)).toBeUndefined();
  });

  test('nor for a request of an earlier release, which needs one person', () => {
    expect(whyNotFromChat({ playbook: 'block-traffic' }, 'yes', settings)).toBeUndefined();
  });
});

test('a refusal is shown in chat, and an error that is none is told to nobody there', async () => {
  const failing = (name: string) => inWords(async () => Promise.reject(Object.assign(new Error('why'), { name })));

  expect(await failing('AlreadyAnsweredError')({}, {} as never)).toEqual({ result: 'Not answered. why' });
  await expect(failing('TypeError')({}, {} as never)).rejects.toMatchObject({ name: 'TypeError' });
});

test('a request says what decides whether its answer is taken from chat', () => {
  const question = {
    ...{ incidentId: 'inc-0123456789abcdef0123', playbook: 'block-traffic', stage: 'prod', region: 'us-east-1' },
    ...{ subject: 'block' as const, drill: false, mode: 'act' as const, what: 'Block.', why: 'w' },
    ...{ answerBy: '2026-03-02T10:00:00.000Z', answerFunction: 'answer', questionId: 'q-0123456789ab' },
  };
  const contextOf = (change: object) =>
    JSON.parse(buildQuestion({ ...question, ...change }).chat).metadata.additionalContext;

  expect(contextOf({ needed: 2, requestedBy: 'kim\nlee' })).toMatchObject({
    question: 'q-0123456789ab',
    playbook: 'block-traffic',
    needed: '2',
    requestedBy: expect.stringMatching(/^kim.lee$/),
  });
  expect(contextOf({})).toMatchObject({ needed: '1' });
});
