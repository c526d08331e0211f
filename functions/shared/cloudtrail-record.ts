import * as z from './schema';

const text = z.optional(z.nullable(z.string()));

/**
 * The parts of a CloudTrail record that are read, from a trail's log or an event of LookupEvents. Those that outsiders can
 * choose are shown as text and decide nothing. Source: CloudTrail user guide, "CloudTrail record contents", "userIdentity".
 */
export const cloudTrailRecordSchema = z.looseObject({
  eventTime: z.string(),
  eventName: z.string(),
  eventSource: text,
  awsRegion: text,
  readOnly: z.optional(z.nullable(z.boolean())),
  errorCode: text,
  sourceIPAddress: text,
  userIdentity: z.optional(
    z.nullable(
      z.looseObject({
        type: text,
        arn: text,
        userName: text,
        accessKeyId: text,
        invokedBy: text,
        sessionContext: z.optional(
          z.nullable(
            z.looseObject({ sessionIssuer: z.optional(z.nullable(z.looseObject({ arn: text, userName: text }))) }),
          ),
        ),
      }),
    ),
  ),
  requestParameters: z.optional(z.nullable(z.looseObject({ name: z.optional(z.nullable(z.unknown())) }))),
});
export type CloudTrailRecord = z.output<typeof cloudTrailRecordSchema>;
