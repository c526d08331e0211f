import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { cloudOf } from '../../fixtures/cloud';

const severity = { severity: { DataType: 'String', StringValue: 'page' } };

async function publish(input: Partial<PublishCommandInput>) {
  const { cloud, client } = cloudOf(SNSClient);
  const TopicArn = cloud.sns.createTopic('notices');
  await client.send(new PublishCommand({ TopicArn, Message: 'text', ...input }));
  return cloud.sns.messages[0]!;
}

test('attributes are sent with a text, and lost beside a message structure', async () => {
  const Message = JSON.stringify({ default: 'text' });

  expect((await publish({ MessageAttributes: severity })).attributes).toEqual(severity);
  expect(
    (await publish({ MessageAttributes: severity, MessageStructure: 'json', Message })).attributes,
  ).toBeUndefined();
});

test.each([
  ['no default', { MessageStructure: 'json', Message: '{"email":"text"}' }],
  ['no JSON', { MessageStructure: 'json', Message: 'text' }],
  ['a subject of 100 characters', { Subject: 'x'.repeat(100) }],
  ['a line break in the subject', { Subject: 'one\ntwo' }],
  ['attributes that make it too long', { Message: 'x'.repeat(262_140), MessageAttributes: severity }],
])('%s is refused', async (_what, input) => {
  await expect(publish(input)).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('a subject may have letters of any language', async () => {
  expect((await publish({ Subject: 'Größe: 容量' })).subject).toBe('Größe: 容量');
});
