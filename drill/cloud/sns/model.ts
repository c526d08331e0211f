import {
  InvalidParameterException,
  NotFoundException,
  type PublishCommandInput,
  type PublishCommandOutput,
} from '@aws-sdk/client-sns';
import { arnOf } from '../arn';
import { type Environment, randomUuid } from '../environment';
import { changes, type ServiceModel } from '../service';

const MAX_BYTES = 262_144;
const MAX_SUBJECT = 100;
/** No line breaks or control characters; it begins with a letter, a number or punctuation. Source: Publish, Subject. */
const subjectForm = /^[\p{L}\p{N}\p{P}\p{S}][^\p{Cc}\u2028\u2029]*$/u;

/** A message as it was published. */
export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly at: number;
  readonly message: string;
  readonly subject?: string;
  /** As subscribers get them, and filters see them: none beside a message structure. Source: SNS developer guide, "Message attributes". */
  readonly attributes: PublishCommandInput['MessageAttributes'];
}

/** Simulated SNS: topics that keep what is published to them. Source: SNS API reference, Publish. */
export class SnsModel implements ServiceModel {
  readonly service = 'sns';
  readonly messages: PublishedMessage[] = [];
  private readonly topics = new Set<string>();

  constructor(private readonly environment: Environment) {}

  readonly commands = {
    Publish: changes<PublishCommandInput, PublishCommandOutput>((input, call) => {
      const topicArn = input.TopicArn ?? input.TargetArn ?? '';
      call.touch(topicArn);
      if (!this.topics.has(topicArn)) {
        throw new NotFoundException({ message: 'Topic does not exist', $metadata: { httpStatusCode: 404 } });
      }
      assertPublishable(input);
      const messageId = randomUuid(this.environment.random);
      this.messages.push({
        messageId,
        topicArn,
        at: Date.now(),
        message: input.Message ?? '',
        ...(input.Subject !== undefined && { subject: input.Subject }),
        attributes: input.MessageStructure === 'json' ? undefined : input.MessageAttributes,
      });
      call.change(topicArn);
      return { MessageId: messageId };
    }),
  };

  /** Adds a topic. @returns its ARN. */
  createTopic(name: string): string {
    const arn = arnOf(this.environment, 'sns', name);
    this.topics.add(arn);
    return arn;
  }
}

function assertPublishable(input: PublishCommandInput): void {
  const invalid = (what: string) =>
    new InvalidParameterException({ message: `Invalid parameter: ${what}`, $metadata: { httpStatusCode: 400 } });
  if (!input.Message) throw invalid('Empty message');
  // Attributes count too. Source: SNS developer guide, "Message attributes".
  const attributes = Object.entries(input.MessageAttributes ?? {}).flatMap(([name, { DataType, StringValue }]) => [
    name,
    DataType ?? '',
    StringValue ?? '',
  ]);
  if (Buffer.byteLength([input.Message, ...attributes].join('')) > MAX_BYTES) throw invalid('Message too long');
  if (input.MessageStructure === 'json') assertStructured(input.Message, invalid);
  const subject = input.Subject;
  if (subject !== undefined && (subject.length >= MAX_SUBJECT || !subjectForm.test(subject))) throw invalid('Subject');
}

/** Source: Publish, MessageStructure: "a top-level JSON key of 'default' with a value that is a string". */
function assertStructured(message: string, invalid: (what: string) => Error): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch (cause) {
    throw Object.assign(invalid('Message Structure - JSON message body failed to parse'), { cause });
  }
  if (typeof (parsed as { default?: unknown } | null)?.default !== 'string')
    throw invalid('Message Structure - No default entry in JSON message body');
}
