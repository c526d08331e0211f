import { PublishCommand } from '@aws-sdk/client-sns';
import { sns } from '../shared/clients/sns';
import type { Config } from '../shared/config';
import type { Notice } from './message';

const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });

/**
 * Publishes a notice as text. Its severity, for filters, and its chat form, for send-chat, are message attributes: SNS sends
 * those only without a message structure (source: Amazon SNS developer guide, "Message attributes").
 */
export async function publish({ subject, text, chat, severity }: Notice, config: Config): Promise<void> {
  await sns.send(
    new PublishCommand({
      TopicArn: config.TOPIC_ARN,
      Subject: subject,
      MessageAttributes: { severity: attribute(severity), chat: attribute(chat) },
      Message: text,
    }),
  );
}
