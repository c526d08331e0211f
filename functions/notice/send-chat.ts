import { PublishCommand } from '@aws-sdk/client-sns';
import { chatSettings } from '../approval/chat';
import { sns } from '../shared/clients/sns';
import { logger } from '../shared/logger';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { withButtons } from './chat-actions';

const attributes = z.object({ chat: z.optional(z.object({ Value: z.string() })) });
const input = z.object({ Records: z.array(z.object({ Sns: z.object({ MessageAttributes: attributes }) })) });
const environment = z.object({
  CHAT_TOPIC_ARN: z.matching(/^arn:/, 'an ARN'),
  /** The chat client that the stage has a channel of; buttons are of use there alone. */
  CHAT: z._default(z.optional(z.enum(['none', 'slack', 'teams'])), 'none'),
});

/**
 * Publishes the chat form of each notice to the topic of chat channels. A topic has one text for all subscribers of notices
 * that can be filtered (functions/notice/publish.ts), and chat clients show custom notifications alone.
 */
export const handler = step('send-chat', input, async ({ Records }, { config }) => {
  const { CHAT_TOPIC_ARN, CHAT } = parseWith(environment, process.env, 'environment');
  const forms = Records.flatMap(({ Sns }) => Sns.MessageAttributes.chat?.Value ?? []);
  for (const form of forms) {
    const Message = CHAT === 'none' ? form : buttonsOn(form, config.STAGE);
    await sns.send(new PublishCommand({ TopicArn: CHAT_TOPIC_ARN, Message }));
  }
  return { sent: forms.length };
});

/** A notice is never held back for its buttons: without them people still read it. */
function buttonsOn(form: string, stage: string): string {
  const functionOf = (name: string) => `incident-playbooks-${stage}-${name}`;
  const buttons = {
    region: process.env.AWS_REGION ?? 'us-east-1',
    showFunction: functionOf('show-incident'),
    answerFunction: functionOf('answer-from-chat'),
  };
  const settings = parseWith(chatSettings, process.env, 'environment');
  try {
    return withButtons(form, buttons, settings);
  } catch (error) {
    const { name, message } = error as Error;
    logger.error('A notice has no buttons in chat', { error: `${name}: ${message}` });
    return form;
  }
}
