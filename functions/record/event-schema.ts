import * as z from '../shared/schema';
import { outcomes } from './outcomes';

/** The source of this product's events: AWS's own begin with `aws.`, and only those start a playbook. */
export const eventSource = 'incident-playbooks';

const time = z.matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/, 'a time in UTC (ISO 8601)');
/** Text on one line, of limited length: a whole event stays far below the 256 KB of an entry. */
const line = (most: number) => z.matching(new RegExp(`^[^\\u0000-\\u001f\\u007f]{0,${most}}$`), 'text on one line');
const incidentId = z.matching(/^inc-[0-9a-f]{20}$/, 'an incident ID');

const about = {
  /** The layout of the event; a field that is added does not change it. */
  version: z.literal('1'),
  incidentId,
  playbook: line(64),
  stage: line(64),
  mode: z.enum(['observe', 'act']),
  drill: z.boolean(),
  executionArn: z.optional(line(512)),
  instanceId: z.optional(z.matching(/^i-[0-9a-f]{8,17}$/, 'an instance ID')),
  alarmName: z.optional(line(255)),
  findingType: z.optional(line(255)),
};

const opened = { ...about, trigger: z.enum(['alarm', 'finding', 'manual', 'schedule', 'storm']), openedAt: time };

/** The details of each event, by its detail type. docs/schemas has them as JSON schemas. */
export const eventSchemas = {
  'incident.opened': z.strictObject(opened),
  'incident.closed': z.strictObject({
    ...opened,
    closedAt: time,
    outcome: z.enum(outcomes),
    code: z.matching(/^[a-z0-9-]{1,64}$/, 'a code'),
    severity: z.enum(['page', 'look', 'info']),
    endedWell: z.boolean(),
    reason: line(1_024),
  }),
  'approval.asked': z.strictObject({
    ...about,
    questionId: z.matching(/^q-[0-9a-f]{12}$/, 'the ID of a request for approval'),
    subject: z.enum(['isolate', 'revoke-sessions', 'block', 'install', 'move-host', 'release']),
    what: line(2_048),
    needed: z.number(),
    askedAt: time,
    answerBy: time,
  }),
} as const;

export type EventType = keyof typeof eventSchemas;
export type EventDetail<T extends EventType> = z.output<(typeof eventSchemas)[T]>;
