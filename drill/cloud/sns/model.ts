import {
  InvalidParameterException,
  NotFoundException,
  type PublishCommandInput,
  type PublishCommandOutput,
} from '@aws-sdk/client-sns';
import { type Environment, randomUuid } from '../environment';
import { changes, type ServiceModel } from '../service';

const MAX_BYTES = 262_144;
const MAX_SUBJECT = 100;

/** A message as it was published. */
export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly at: number;
  readonly message: string;
  readonly subject?: string;
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
        attributes: input.MessageAttributes,
      });
      call.change(topicArn);
      return { MessageId: messageId };
    }),
  };

  /** Adds a topic. @returns its ARN. */
  createTopic(name: string): string {
    const arn = `arn:aws:sns:${this.environment.region}:${this.environment.account}:${name}`;
    this.topics.add(arn);
    return arn;
  }
}

function assertPublishable(input: PublishCommandInput): void {
  const invalid = (what: string) =>
    new InvalidParameterException({ message: `Invalid parameter: ${what}`, $metadata: { httpStatusCode: 400 } });
  if (!input.Message) throw invalid('Empty message');
  if (Buffer.byteLength(input.Message) > MAX_BYTES) throw invalid('Message too long');
  const subject = input.Subject;
  if (subject !== undefined && (subject.length >= MAX_SUBJECT || !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject)))
    throw invalid('Subject');
}
