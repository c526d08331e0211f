import { accountSchema, plainNameSchema, regionSchema } from '../shared/identifiers';
import { toIsoInstant } from '../shared/instant';
import * as z from '../shared/schema';

const instant = z.string().check(
  z.maxLength(40),
  z.refine((text: string) => toIsoInstant(text) !== undefined, 'a timestamp'),
);

const remoteIpDetails = z.object({
  ipAddressV4: z.optional(z.string().check(z.maxLength(15))),
  ipAddressV6: z.optional(z.string().check(z.maxLength(45))),
});
const withRemote = z.object({ remoteIpDetails: z.optional(remoteIpDetails) });

/** The part of an attack sequence that names resources. Source: GuardDuty API reference, "Sequence" and "ResourceV2". */
const detection = z.object({
  sequence: z.optional(
    z.object({
      resources: z.optional(
        z
          .array(
            z.object({
              resourceType: z.optional(z.string().check(z.maxLength(64))),
              uid: z.optional(z.string().check(z.maxLength(2048))),
              name: z.optional(z.string().check(z.maxLength(1024))),
            }),
          )
          .check(z.maxLength(1000)),
      ),
    }),
  ),
});

/** What GuardDuty saw; only the parts with a remote address. */
const action = z.object({
  actionType: z.string().check(z.maxLength(64)),
  networkConnectionAction: z.optional(withRemote),
  portProbeAction: z.optional(z.object({ portProbeDetails: z.optional(z.array(withRemote).check(z.maxLength(1000))) })),
});

const resource = z.object({
  resourceType: plainNameSchema,
  instanceDetails: z.optional(z.object({ instanceId: z.string().check(z.maxLength(32)) })),
});

const detail = z.object({
  arn: z.string().check(z.startsWith('arn:'), z.maxLength(1600)),
  accountId: accountSchema,
  region: regionSchema,
  type: plainNameSchema,
  title: z.string().check(z.maxLength(1024)),
  severity: z.number().check(z.gte(0), z.lte(10)),
  updatedAt: instant,
  resource,
  service: z.object({
    archived: z._default(z.optional(z.boolean()), false),
    resourceRole: z.optional(z.string().check(z.maxLength(16))),
    action: z.optional(action),
    detection: z.optional(detection),
    additionalInfo: z.optional(z.looseObject({ sample: z.optional(z.boolean()) })),
  }),
});

/** "GuardDuty Finding" as EventBridge delivers it. Source: GuardDuty user guide, "Processing findings with Amazon EventBridge". */
export const findingEventSchema = z.object({
  source: z.literal('aws.guardduty'),
  'detail-type': z.literal('GuardDuty Finding'),
  account: accountSchema,
  region: regionSchema,
  detail,
});
export type FindingEvent = z.output<typeof findingEventSchema>;

/**
 * A finding as GetFindings returns it, with the names of the event. Source: GuardDuty API reference, "Finding",
 * "ServiceAdditionalInfo" (`value` is JSON in a text).
 */
export const foundFindingSchema = z.object({
  accountId: accountSchema,
  region: regionSchema,
  type: plainNameSchema,
  severity: z.number(),
  updatedAt: instant,
  resource,
  service: z.object({
    archived: z._default(z.optional(z.boolean()), false),
    action: z.optional(action),
    detection: z.optional(detection),
    additionalInfo: z.optional(z.object({ value: z.optional(z.string()) })),
  }),
});
export type FoundFinding = z.output<typeof foundFindingSchema>;

/** A drill wraps the finding; GuardDuty sample findings are accepted only in a drill. */
export const findingDrillSchema = z.object({ start: z.literal('drill'), event: findingEventSchema });
