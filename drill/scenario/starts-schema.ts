import { z } from 'zod';
import { subjectSchema as subjects } from '../../functions/approval/approval';
import { arnOf } from '../cloud/arn';
import { account, region } from '../stack/place';
import { instanceIndex, minutes, text } from './fields';

const subjectSchema = z.enum(subjects.def.entries).describe('The subject of the approval.');

/** What starts the playbook. */
export const startsSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('alarm').describe('The alarms of the template, when their metrics breach.') }),
  z.strictObject({
    by: z.literal('manual').describe('A manual start with StartExecution.'),
    instance: instanceIndex,
    reason: text.default('A person asked for it.').describe('The reason in the record.'),
    requestedBy: text.default('drill').describe('The requester in the record.'),
    input: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('Additional input of the playbook, for example `cidr`; `{instance}` and `{incident}` are filled in.'),
  }),
  /** Sets an alarm of the template to a state, as CloudWatch would; `alarm` is the end of its name. */
  z.strictObject({
    by: z.literal('alarm-state').describe('SetAlarmState, without a metric.'),
    alarm: text.describe('The end of the alarm’s name.'),
    account: text.optional().describe('The account of `places` that the alarm is in; by default the own.'),
    reason: text.default('Threshold Crossed').describe('The reason given by CloudWatch.'),
    afterMinutes: minutes.default(1).describe('When, in minutes from the start.'),
  }),
  /** Events as EventBridge would deliver them; `{instance}` in them stands for the first instance's ID. */
  z.strictObject({
    by: z.literal('event').describe('Events from any source, for example GuardDuty.'),
    events: z
      .array(z.record(z.string(), z.unknown()))
      .min(1)
      .describe('Events as EventBridge would deliver them; `{instance}` stands for the first instance’s ID.'),
    count: z
      .number()
      .int()
      .positive()
      .max(1000)
      .default(1)
      .describe('How many of each; `{nth}` in an event stands for its number, from 1.'),
    account: text
      .optional()
      .describe('The account of `places` on whose bus they arrive, to be forwarded; by default the cell’s own bus.'),
    secondsApart: z.number().nonnegative().default(1).describe('The seconds between them.'),
  }),
]);

/** How a person answers requests for approval; all others get no answer. */
export const answerSchema = z.strictObject({
  subject: subjectSchema,
  answer: z.enum(['yes', 'no']).describe('The answer.'),
  afterMinutes: minutes.default(2).describe('Minutes after the request.'),
  by: text
    .default(arnOf({ account, region }, 'iam', 'user/alice'))
    .describe('Who signs the answer: an ARN, or the name of a session of the role on-call; `unsigned` for nobody.'),
});

/** A playbook that a person starts later. */
export const followSchema = z.strictObject({
  playbook: z.string().describe('The playbook.'),
  afterMinutes: minutes.describe('When, in minutes from the start.'),
  input: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Its input; `{instance}` and `{incident}` are filled in.'),
});
