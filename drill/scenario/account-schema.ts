import { z } from 'zod';
import { arnOf } from '../cloud/arn';
import { account, region } from '../stack/place';
import { text } from './fields';

/** A management event that CloudTrail records. */
const changeSchema = z.strictObject({
  minute: z.number().describe('When, in minutes from the start; negative for before.'),
  eventName: text.describe('AWS’s name of the action.'),
  resource: text
    .default('{instance}')
    .describe(
      'The name that it is found by; `{instance}` and `{group}` stand for the first instance and its security group.',
    ),
  by: text.default(arnOf({ account, region }, 'sts', 'assumed-role/admin/alice')).describe('The ARN of who made it.'),
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
export const accountSchema = z.strictObject({
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
