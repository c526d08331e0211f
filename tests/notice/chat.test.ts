import { SimulatedCloud } from '../../drill/cloud';
import { buildQuestion } from '../../functions/approval/request';
import { withButtons } from '../../functions/notice/chat-actions';
import { toNotice } from '../../functions/notice/message';
import { buildNotice } from '../../functions/notice/notice';
import { handler as sendChat } from '../../functions/notice/send-chat';
import { sns } from '../../functions/shared/clients/sns';
import { customNotification } from '../fixtures/custom-notification';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';

const incidentId = 'inc-0123456789abcdef0123';
const hostile = `\u001b[2J<!here> @channel ${'é"\\*'.repeat(5_000)}`;
const question = {
  ...{ incidentId, playbook: 'block-traffic', stage: 'prod', region: 'us-east-1', drill: false, mode: 'act' as const },
  ...{ subject: 'block' as const, questionId: 'q-0123456789ab', what: hostile, why: hostile, score: hostile },
  ...{ answerBy: '2026-03-02T10:00:00.000Z', answerFunction: 'f' },
};
const ended = {
  ...{ incidentId, playbook: 'restart-instance', stage: 'prod', region: 'us-east-1', drill: true },
  executionId: 'arn:aws:states:us-east-1:123456789012:execution:m:e',
  ...{ outcome: 'ESCALATED' as const, reason: hostile, instanceId: 'i-0123456789abcdef0', instanceName: hostile },
  ...{ notes: [hostile], timeline: [{ at: '2026-03-02T10:00:00.000Z', what: hostile }] },
};
const buttons = { region: 'us-east-1', showFunction: 'show', answerFunction: 'answer' };
const settings = { CHAT_ANSWERS: ['block-traffic'], REQUESTER_MAY_APPROVE: 'no' as const };
const contextOf = (form: string, change: Partial<typeof settings> = {}) =>
  customNotification.parse(JSON.parse(withButtons(form, buttons, { ...settings, ...change }))).metadata
    ?.additionalContext;

test.each([
  ['a request for approval', buildQuestion(question).chat],
  ['the end of an incident', buildNotice(ended).chat],
  [
    'anything else',
    toNotice({ thread: 't', title: hostile, text: hostile, severity: 'look', nextSteps: [hostile] }).chat,
  ],
])('whatever is in it, %s fits the documented form, with its buttons too', (_what, form) => {
  expect(customNotification.safeParse(JSON.parse(form)).error).toBeUndefined();
  expect(customNotification.safeParse(JSON.parse(withButtons(form, buttons, settings))).error).toBeUndefined();
});

test('every notice of an incident can show it; what belongs to none cannot', () => {
  const shown = { incident: incidentId, region: 'us-east-1', show: 'show' };
  const patrol = toNotice({ thread: 'patrol', title: 'x', text: 'x', severity: 'info' }).chat;

  expect(contextOf(buildNotice(ended).chat)).toEqual(shown);
  expect(contextOf(patrol)).toBeUndefined();
});

const answering = { question: 'q-0123456789ab', answer: 'answer' };

test.each<[string, object, Partial<typeof settings>, object]>([
  ['can be approved and denied', {}, {}, { ...answering, approve: 'yes' }],
  ['of a playbook that the stage does not name has no such button', {}, { CHAT_ANSWERS: [] }, {}],
  ['of another playbook has none either', { playbook: 'isolate-instance' }, {}, {}],
  ['that needs two people can only be denied', { needed: 2 }, {}, answering],
  ['of a person who may not approve it can only be denied', { requestedBy: 'kim' }, {}, answering],
])('a request %s', (_what, change, stage, expected) => {
  const { incident, region, show, ...context } = contextOf(buildQuestion({ ...question, ...change }).chat, stage)!;

  expect(context).toEqual(expected);
});

describe('the function that sends to chat', () => {
  let cloud: SimulatedCloud;
  beforeEach(() => {
    const place = { account: '123456789012', region: 'us-east-1' };
    cloud = new SimulatedCloud({ ...place, random: () => 0.5, emit: () => {}, latencyMs: () => 0 });
    setEnvironment({ CHAT_TOPIC_ARN: cloud.sns.createTopic('chat'), CHAT_ANSWERS: 'block-traffic' });
    cloud.attach(sns);
  });
  afterEach(() => {
    cloud.stop();
    delete process.env.CHAT;
  });
  const sent = async (form: string) => {
    const MessageAttributes = { chat: { Type: 'String', Value: form } };
    await sendChat({ Records: [{ Sns: { MessageAttributes } }] }, lambdaContext);
    return cloud.sns.messages.at(-1)!.message;
  };
  const form = buildQuestion(question).chat;

  test('adds the buttons of its stage where there is a channel, and none where there is not', async () => {
    expect(await sent(form)).toBe(form);
    process.env.CHAT = 'slack';
    const { additionalContext } = JSON.parse(await sent(form)).metadata;

    expect(additionalContext).toMatchObject({
      show: 'incident-playbooks-test-show-incident',
      answer: 'incident-playbooks-test-answer-from-chat',
      approve: 'yes',
    });
  });

  test('sends what it cannot read as it is: people still see it', async () => {
    process.env.CHAT = 'slack';

    expect(await sent('{"version":')).toBe('{"version":');
  });
});
