import { SimulatedCloud } from '../../drill/cloud';
import { handler } from '../../functions/notice/send-chat';
import { sns } from '../../functions/shared/clients/sns';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';

const place = { account: '123456789012', region: 'us-east-1' };
const record = (MessageAttributes: Record<string, unknown>) => ({
  Sns: { Subject: 'ESCALATED: run', Message: 'text', MessageAttributes },
});
const text = (Value: string) => ({ Type: 'String', Value });
let cloud: SimulatedCloud;

beforeEach(() => {
  cloud = new SimulatedCloud({ ...place, random: () => 0.5, emit: () => {}, latencyMs: () => 0 });
  setEnvironment({ CHAT_TOPIC_ARN: cloud.sns.createTopic('chat') });
  cloud.attach(sns);
});
afterEach(() => cloud.stop());

test('a notice goes to chat in the form that its publisher gave it', async () => {
  await handler({ Records: [record({ severity: text('page'), chat: text('{"version":"1.0"}') })] }, lambdaContext);

  expect(cloud.sns.messages).toMatchObject([{ topicArn: process.env.CHAT_TOPIC_ARN, message: '{"version":"1.0"}' }]);
});

test('what has no chat form is not sent', async () => {
  expect(await handler({ Records: [record({ severity: text('look') })] }, lambdaContext)).toEqual({ sent: 0 });
  expect(cloud.sns.messages).toEqual([]);
});

test('a topic that refuses leaves an error, so that Lambda tries again', async () => {
  process.env.CHAT_TOPIC_ARN = 'arn:aws:sns:us-east-1:123456789012:gone';

  await expect(handler({ Records: [record({ chat: text('{}') })] }, lambdaContext)).rejects.toThrow(
    'Topic does not exist',
  );
});
