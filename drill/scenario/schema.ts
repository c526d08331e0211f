import { z } from 'zod';
import { subjectSchema as subjects } from '../../functions/approval/approval';
import { outcomes } from '../../functions/record/outcomes';
import { defaultStart } from '../stack/place';
import { withPresentNames } from './former-names';
import { expectedPlaceSchema, fleetSchema, placeSchema } from './place-schema';

const minutes = z
  .number()
  .nonnegative()
  .max(470 * 24 * 60);
const instanceIndex = z
  .number()
  .int()
  .nonnegative()
  .default(0)
  .describe('The index of the instance in the fleet, from 0.');
const text = z.string().min(1).max(300);
const subjectSchema = z.enum(subjects.def.entries).describe('The subject of the approval.');

/** A management event that CloudTrail records. */
const changeSchema = z.strictObject({
  minute: z.number().describe('When, in minutes from the start; negative for before.'),
  eventName: text.describe('AWS’s name of the action.'),
  resource: text
    .default('{instance}')
    .describe(
      'The name that it is found by; `{instance}` and `{group}` stand for the first instance and its security group.',
    ),
  by: text.default('arn:aws:sts::123456789012:assumed-role/admin/alice').describe('The ARN of who made it.'),
  from: text.default('198.51.100.7').describe('The address that it came from.'),
  readOnly: z.boolean().default(false).describe('Whether the action only reads.'),
  errorCode: text.optional().describe('The error with which AWS refused it.'),
  identity: z
    .enum(['role', 'user', 'root'])
    .default('role')
    .describe('Whether a session of a role made it, a user, or the root user.'),
  accessKeyId: text.optional().describe('The access key that it was made with.'),
  source: text.default('ec2.amazonaws.com').describe('The service that it was asked of.'),
  parameters: z.record(z.string(), z.unknown()).optional().describe('Its request parameters.'),
  logGroup: text.optional().describe('The log group that a trail delivers it to.'),
  cidr: text.optional().describe('For a rule of a security group: the range that it lets in.'),
  port: z.number().int().default(22).describe('For a rule of a security group: the port.'),
  delayMinutes: z.number().nonnegative().default(5).describe('How late CloudTrail delivers it.'),
});

/** What another service did to the first instance. */
const minuteOfChange = z.number().describe('When, in minutes from the start; negative for before.');
const activitySchema = z.strictObject({
  minute: minuteOfChange,
  description: text
    .default('Launching a new EC2 instance: i-0aaaaaaaaaaaaaaaa')
    .describe('Auto Scaling’s words; `{instance}` stands for the first instance.'),
});
const deploymentSchema = z.strictObject({
  minute: minuteOfChange,
  application: text.default('web').describe('The application.'),
  creator: z.enum(['user', 'autoscaling', 'codeDeployRollback']).default('user').describe('Who created it.'),
  status: z.enum(['InProgress', 'Succeeded', 'Failed']).default('Succeeded').describe('How it ended.'),
  elsewhere: z.boolean().default(false).describe('Whether it went to other instances.'),
});
const commandSchema = z.strictObject({
  minute: minuteOfChange,
  document: text.default('AWS-RunShellScript').describe('The document.'),
  parameter: text.default('password=PLANTED').describe('What stands in its parameters, which no record may repeat.'),
});

/** An event of AWS Health. */
const healthEventSchema = z.strictObject({
  minute: z.number().default(0).describe('When AWS tells of it, in minutes from the start.'),
  code: text.default('AWS_EC2_OPERATIONAL_ISSUE').describe('AWS’s name of its kind.'),
  service: text.default('EC2').describe('The service that it is about.'),
  category: z
    .enum(['issue', 'investigation', 'scheduledChange', 'accountNotification'])
    .default('issue')
    .describe('What sort of event it is.'),
  scope: z.enum(['PUBLIC', 'ACCOUNT_SPECIFIC']).default('PUBLIC').describe('Whom it concerns.'),
  entities: z
    .array(text)
    .default([])
    .describe(
      'What it names as affected; `{instance}` and `{volume}` stand for the first instance and its first volume.',
    ),
  endsMinute: z
    .number()
    .optional()
    .describe('The end that it gives, in minutes from the start; samples have one that is past.'),
  closedMinute: z.number().optional().describe('When AWS closes it, in minutes from the start.'),
});

/** Lines that somebody writes to a log group, one or many alike. */
const linesSchema = z.strictObject({
  minute: z.number().describe('When the first is written, in minutes from the start; negative for before.'),
  count: z.number().int().positive().max(10_000).default(1).describe('How many lines.'),
  secondsApart: z.number().nonnegative().default(1).describe('The seconds between them.'),
  message: z
    .string()
    .min(1)
    .max(20_000)
    .describe(
      'The line: `{n}` stands for its number from 0, `{instance}` and `{address}` for the first instance and its public address, `{time}` for its time.',
    ),
  stream: text.default('{instance}').describe('The log stream.'),
  delayMinutes: z.number().nonnegative().default(0.1).describe('How late it comes.'),
});

/** A log group of the account. */
const logGroupSchema = z.strictObject({
  name: text.describe('Its name.'),
  lines: z.array(linesSchema).default([]).describe('Lines that are written to it.'),
  deletedAtMinute: z.number().optional().describe('When somebody deletes it, in minutes from the start.'),
});

/** The account apart from the instances. */
const accountSchema = z.strictObject({
  targetGroups: z.array(z.string()).default([]).describe('Target groups that the first instance is registered with.'),
  otherMembers: z
    .number()
    .int()
    .nonnegative()
    .max(1000)
    .default(1)
    .describe('Healthy members of each target group and Auto Scaling group besides the fleet.'),
  logGroups: z
    .array(logGroupSchema)
    .default([])
    .describe('Log groups, which a stage names by the parameters of its template.'),
  changes: z.array(changeSchema).default([]).describe('Management events that CloudTrail records.'),
  healthEvents: z.array(healthEventSchema).default([]).describe('Events of AWS Health.'),
  activities: z.array(activitySchema).default([]).describe('What the Auto Scaling group of the first instance did.'),
  deployments: z.array(deploymentSchema).default([]).describe('Deployments of CodeDeploy.'),
  commands: z
    .array(commandSchema)
    .default([])
    .describe('Commands of Systems Manager that others sent to the first instance.'),
  managed: z.boolean().default(false).describe('Whether Systems Manager manages the instances.'),
  openSessions: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('The number of open sessions of Systems Manager on each instance.'),
  missingPatches: z.number().int().nonnegative().default(3).describe('The number of patches missing on each instance.'),
  patching: z.enum(['Success', 'Failed']).default('Success').describe('How a patch command ends.'),
  scalingSpare: z
    .number()
    .int()
    .nonnegative()
    .default(1)
    .describe('How far each Auto Scaling group of the fleet is above its minimum.'),
  keys: z
    .record(z.string(), z.enum(['Disabled', 'PendingDeletion']))
    .default({})
    .describe('KMS keys that are not enabled, by ARN.'),
  killSwitch: z
    .strictObject({
      by: text.describe('Who turned it on.'),
      reason: text.describe('The reason.'),
      afterCommand: z.string().optional().describe('The command whose first call turns it on.'),
    })
    .optional()
    .describe("The stage's kill switch, on from the start, or from this command's first change."),
});

/** A metric with given values: each holds from its minute on; null means that nothing is reported. */
const seriesSchema = z.strictObject({
  instance: instanceIndex,
  namespace: z.string().default('AWS/EC2').describe('The namespace of the metric.'),
  dimensions: z
    .record(z.string(), z.string())
    .default({})
    .describe('Its dimensions besides the instance, such as the path of a disk.'),
  metricName: z.string().min(1).describe('Its name. An alarm on a metric without data never fires.'),
  values: z
    .array(z.tuple([z.number(), z.number().nullable()]))
    .min(1)
    .describe('Pairs of minute and value; each holds from its minute on, and null means that nothing is reported.'),
});

/** What starts the playbook. */
const startsSchema = z.discriminatedUnion('by', [
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

const countSchema = z.number().int().nonnegative();

/** How a person answers requests for approval; all others get no answer. */
const answerSchema = z.strictObject({
  subject: subjectSchema,
  answer: z.enum(['yes', 'no']).describe('The answer.'),
  afterMinutes: minutes.default(2).describe('Minutes after the request.'),
  by: text
    .default('arn:aws:iam::123456789012:user/alice')
    .describe('Who signs the answer: an ARN, or the name of a session of the role on-call; `unsigned` for nobody.'),
});

/** A playbook that a person starts later. */
const followSchema = z.strictObject({
  playbook: z.string().describe('The playbook.'),
  afterMinutes: minutes.describe('When, in minutes from the start.'),
  input: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Its input; `{instance}` and `{incident}` are filled in.'),
});

/** The expected results. Omitted fields are not checked. */
const expectSchema = z.strictObject({
  executions: countSchema.optional().describe('The number of executions.'),
  outcomes: z.array(z.enum(outcomes)).optional().describe('Outcomes of the incidents, in the order of opening.'),
  tally: z
    .partialRecord(z.enum(outcomes), countSchema)
    .optional()
    .describe('The number of incidents per outcome, for a drill with many; outcomes not listed must not occur.'),
  code: text.optional().describe("Code of the first incident's conclusion."),
  path: z
    .array(text)
    .min(1)
    .optional()
    .describe('States of the first execution, in order; `...` stands for any number of others.'),
  pathOf: z
    .enum(outcomes)
    .optional()
    .describe('With concurrent executions: the path of the first incident with this outcome.'),
  effects: z
    .record(z.string(), countSchema)
    .optional()
    .describe('How often a command changed something, for example `StopInstances: 1`.'),
  reason: text.optional().describe("Part of the reason in the first incident's record."),
  notices: countSchema.optional().describe('The number of notices sent.'),
  instanceState: z
    .enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'])
    .optional()
    .describe('Final state of the first instance.'),
  places: z.array(expectedPlaceSchema).optional().describe('What must be true of each place, in any order.'),
  deadLetters: countSchema.optional().describe('The number of events in the dead-letter queue.'),
  review: z
    .strictObject({
      repeatOffender: z.number().int().nonnegative().describe('The instance with the most incidents.'),
      changeBefore: text.optional().describe('The change that came before most of its incidents.'),
      noisyAlarmOf: z.number().int().nonnegative().describe('The instance with the noisy alarm.'),
      troubles: z
        .array(z.tuple([minutes, minutes]))
        .describe('Planted trouble of that alarm, from minute to minute, which its proposed threshold must detect.'),
    })
    .optional()
    .describe('What the review must find, by instance index.'),
  patrol: z
    .strictObject({
      suspected: z.array(z.number().int().nonnegative()).describe('The instances to report, and no others.'),
      leadMinutes: z.number().nonnegative().describe('The minimum minutes before their alarms.'),
    })
    .optional()
    .describe('What patrols must report.'),
  alarms: z
    .record(z.string(), z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']))
    .optional()
    .describe('Final state of alarms, by name.'),
});

/** A drill: the fleet, what goes wrong, and what the playbook must do about it. */
export const scenarioShape = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens')
    .describe('The name, the same as the file’s without .yml.'),
  story: z.string().min(10).max(200).describe('What happens, in one sentence for `--list` and the report.'),
  seed: z.number().int().nonnegative().default(1).describe('The seed of random times and values.'),
  stage: z.string().default('dev').describe('The stage of template and settings.'),
  mode: z.enum(['act', 'observe']).default('act').describe('The mode of the stage in this drill.'),
  start: z.iso.datetime().default(defaultStart).describe('When the drill starts, UTC.'),
  playbook: z.string().default('restart-instance').describe('The playbook to drill, which a manual start starts.'),
  fleet: fleetSchema.prefault([{}]).describe('The instances; by default one that is healthy and opted in.'),
  places: z
    .array(placeSchema)
    .default([])
    .describe('Further accounts, and regions, beside the own; most drills have none.'),
  series: z
    .array(seriesSchema)
    .default([])
    .describe('Metrics with given values, instead of what the simulated instances report.'),
  starts: startsSchema.prefault({ by: 'alarm' }).describe('What starts the playbook.'),
  answers: z
    .array(answerSchema)
    .default([])
    .describe(
      'How people answer requests for approval: the nth answer on a subject is for its nth request; without an answer nobody responds.',
    ),
  follows: z.array(followSchema).default([]).describe('Playbooks that a person starts later.'),
  account: accountSchema.prefault({}).describe('The rest of the account.'),
  variables: z
    .record(z.string(), z.string())
    .default({})
    .describe("Environment variables of the functions that differ from the stage's."),
  parameters: z
    .record(z.string(), z.string())
    .default({})
    .describe("Parameters of the template that differ from the stage's, for example `FlowLogGroup`."),
  watch: z.boolean().default(false).describe('Whether enrolment, reconcile, patrol and review also run.'),
  schedules: z
    .boolean()
    .default(true)
    .describe("Whether the template's schedules run; a drill of weeks does without those of every minute."),
  alarms: z
    .array(text)
    .optional()
    .describe("The name endings of the instances' active alarms; by default all of the template's."),
  review: z.boolean().default(false).describe('Whether the drill ends with a review of its incidents, and its page.'),
  faults: z
    .array(z.looseObject({ name: z.string() }))
    .default([])
    .describe('What goes wrong: the faults below, each with its parameters.'),
  delivery: z
    .strictObject({
      delayMs: z.number().nonnegative().describe('Milliseconds from the event to its delivery.'),
      copies: z.number().int().positive().max(100).describe('The number of deliveries per event.'),
      jitterMs: z.number().nonnegative().describe('The maximum difference between the delays of the copies.'),
      downMinutes: z
        .tuple([z.number().nonnegative(), z.number().nonnegative()])
        .describe('From and until which minute the region is down: no rule and no schedule of it starts anything.'),
      deniedRules: z.array(z.string()).describe('Names of rules that may not start their machine.'),
    })
    .partial()
    .default({})
    .describe('How EventBridge delivers; by default once, after half a second.'),
  planted: z.array(text).default([]).describe('Text in the input that must not appear in a log.'),
  lastsMinutes: minutes
    .default(0)
    .describe('Minimum duration in simulated minutes, for what happens after the first execution.'),
  givesUpAfterMinutes: minutes.default(180).describe('Simulated minutes after which no more executions are expected.'),
  expect: expectSchema.describe('The expected results. Omitted fields are not checked.'),
});

/** Parses a scenario, including one with former field names. */
export const scenarioSchema = z.preprocess(withPresentNames, scenarioShape);

export type Scenario = z.output<typeof scenarioShape>;
export type ScenarioInput = z.input<typeof scenarioShape>;
export type Expectation = Scenario['expect'];
