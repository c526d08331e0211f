import { accountSchema, instanceIdSchema, regionSchema } from '../shared/identifiers';
import * as z from '../shared/schema';

const envelope = { account: accountSchema, region: regionSchema };

/** The last part of an instance's ARN. */
const instanceArn = z.matching(/^arn:[\w-]+:ec2:[\w-]+:\d{12}:instance\/i-[0-9a-f]+$/, 'an instance ARN');

/** "EC2 Instance State-change Notification". Source: EC2 user guide, "Monitor your instances using EventBridge". */
const stateChange = z.object({
  ...envelope,
  source: z.literal('aws.ec2'),
  'detail-type': z.literal('EC2 Instance State-change Notification'),
  resources: z.optional(z.array(instanceArn).check(z.maxLength(10))),
  detail: z.object({ 'instance-id': instanceIdSchema, state: z.string() }),
});

/** "Tag Change on Resource", best effort. Source: Tag Editor user guide, "Monitor tag changes". */
const tagChange = z.object({
  ...envelope,
  source: z.literal('aws.tag'),
  'detail-type': z.literal('Tag Change on Resource'),
  resources: z.array(instanceArn).check(z.length(1)),
  detail: z.object({ service: z.literal('ec2'), 'resource-type': z.literal('instance') }),
});

export const enrolmentEventSchema = z.discriminatedUnion('detail-type', [stateChange, tagChange]);
export type EnrolmentEvent = z.output<typeof enrolmentEventSchema>;

/** The instance of an event. */
export function instanceOf(event: EnrolmentEvent): string {
  if (event['detail-type'] === 'Tag Change on Resource') return event.resources[0]!.split('/')[1]!;
  return event.detail['instance-id'];
}
