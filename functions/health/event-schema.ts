import { accountSchema, regionSchema } from '../shared/identifiers';
import { toIsoInstant } from '../shared/instant';
import * as z from '../shared/schema';

/** A time with its zone: AWS Health writes `Fri, 27 Jan 2023 06:02:51 GMT`, with one or two digits for the day. */
const instant = z.pipe(
  z
    .matching(/^[\w,:. +-]{10,40}(GMT|Z|[+-]\d\d:?\d\d)$/, 'a time with its time zone')
    .check(z.refine((text: string) => toIsoInstant(text) !== undefined, 'a time')),
  z.transform((text: string) => toIsoInstant(text)!),
);

const word = z.matching(/^[\w.-]{1,120}$/, 'a word');

/** An ID, or an ARN, of whatever kind. */
const entity = z.object({ entityValue: z.optional(z.string().check(z.maxLength(1_600))) });

/**
 * "AWS Health Event". Older events have no status, scope or pages, and an end that may lie behind them.
 * Source: AWS Health user guide, "AWS Health events Amazon EventBridge schema".
 */
export const healthEventSchema = z.object({
  source: z.literal('aws.health'),
  'detail-type': z.literal('AWS Health Event'),
  account: accountSchema,
  region: regionSchema,
  time: instant,
  detail: z.object({
    eventArn: z.matching(/^arn:[^\p{Cc}\p{Cf}\u2028\u2029]{1,1500}$/u, 'an ARN'),
    service: word,
    eventTypeCode: word,
    eventTypeCategory: word,
    eventScopeCode: z.optional(word),
    communicationId: z.optional(z.matching(/^[\w./:+=-]{1,300}$/, 'an ID')),
    eventRegion: z.optional(regionSchema),
    startTime: z.optional(instant),
    endTime: z.optional(instant),
    lastUpdatedTime: z.optional(instant),
    statusCode: z.optional(word),
    affectedAccount: z.optional(accountSchema),
    affectedEntities: z._default(z.optional(z.array(entity).check(z.maxLength(10_000))), []),
    page: z._default(z.optional(z.matching(/^\d{1,5}$/, 'a number')), '1'),
  }),
});
export type HealthEvent = z.output<typeof healthEventSchema>;
