import { PublishCommand } from '@aws-sdk/client-sns';
import { sns } from '../shared/clients/sns';
import type { Config } from '../shared/config';
import type { Notice } from './message';

/** Publishes a notice: text for people, and the chat form for https endpoints such as Amazon Q's. */
export async function publish({ subject, text, chat, severity }: Notice, config: Config): Promise<void> {
  await sns.send(
    new PublishCommand({
      TopicArn: config.TOPIC_ARN,
      Subject: subject,
      MessageStructure: 'json',
      MessageAttributes: { severity: { DataType: 'String', StringValue: severity } },
      Message: JSON.stringify({ default: text, email: text, https: chat }),
    }),
  );
}
