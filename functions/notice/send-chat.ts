import { PublishCommand } from '@aws-sdk/client-sns';
import { sns } from '../shared/clients/sns';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';

const attributes = z.object({ chat: z.optional(z.object({ Value: z.string() })) });
const input = z.object({ Records: z.array(z.object({ Sns: z.object({ MessageAttributes: attributes }) })) });
const environment = z.object({ CHAT_TOPIC_ARN: z.matching(/^arn:/, 'an ARN') });

/**
 * Publishes the chat form of each notice to the topic of chat channels. A topic has one text for all subscribers of notices
 * that can be filtered (functions/notice/publish.ts), and chat clients show custom notifications alone.
 */
export const handler = step('send-chat', input, async ({ Records }) => {
  const { CHAT_TOPIC_ARN } = parseWith(environment, process.env, 'environment');
  const forms = Records.flatMap(({ Sns }) => Sns.MessageAttributes.chat?.Value ?? []);
  for (const Message of forms) await sns.send(new PublishCommand({ TopicArn: CHAT_TOPIC_ARN, Message }));
  return { sent: forms.length };
});
