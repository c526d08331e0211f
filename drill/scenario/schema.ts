import { z } from 'zod';
import { subjectSchema as subjects } from '../../functions/approval/approval';
import { outcomes } from '../../functions/record/outcomes';
import { instanceSpecSchema } from '../cloud';
import { defaultStart } from '../stack/place';
import { withPresentNames } from './former-names';

const minutes = z
  .number()
  .nonnegative()
  .max(470 * 24 * 60);
const instanceIndex = z.number().int().nonnegative().default(0).describe('Which instance of the fleet, from 0.');
const text = z.string().min(1).max(300);
const subjectSchema = z.enum(subjects.def.entries).describe('Which question.');

/** What there is besides instances. */
const accountSchema = z.strictObject({
  targetGroups: z.array(z.string()).default([]).describe('Target groups that the first instance is registered with.'),
  managed: z.boolean().default(false).describe('Whether Systems Manager manages the instances.'),
  missingPatches: z.number().int().nonnegative().default(3).describe('How many patches each instance lacks.'),
  patching: z.enum(['Success', 'Failed']).default('Success').describe('How a patch command ends on them.'),
  scalingSpare: z
    .number()
    .int()
    .nonnegative()
    .default(1)
    .describe('How far each Auto Scaling group of the fleet stands above its minimum.'),
  keys: z
    .record(z.string(), z.enum(['Disabled', 'PendingDeletion']))
    .default({})
    .describe('KMS keys that are not enabled, by ARN.'),
  killSwitch: z
    .strictObject({
      by: text.describe('Who put it on.'),
      reason: text.describe('Why.'),
      afterCommand: z.string().optional().describe('The command whose first call puts it on.'),
    })
    .optional()
    .describe("The stage's kill switch, on from the beginning or from the first change by this command on."),
});

/** A metric by hand: each value holds from its minute on; null means that nothing is reported. */
const seriesSchema = z.strictObject({
  instance: instanceIndex,
  namespace: z.string().default('AWS/EC2').describe('The namespace of the metric.'),
  metricName: z.string().min(1).describe('Its name. An alarm on a metric that nothing reports never goes off.'),
  values: z
    .array(z.tuple([z.number(), z.number().nullable()]))
    .min(1)
    .describe('Pairs of minute and value; each holds from its minute on, and null means that nothing is reported.'),
});

/** What sets the playbook going. */
const startsSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('alarm').describe('The alarms of the template, when their metrics breach.') }),
  z.strictObject({
    by: z.literal('manual').describe('A person, by StartExecution.'),
    instance: instanceIndex,
    reason: text.default('A person asked for it.').describe('Why, as it will stand in the record.'),
    requestedBy: text.default('drill').describe('Who, as it will stand in the record.'),
    input: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('What the playbook takes besides, for example `cidr`; `{instance}` and `{incident}` are filled in.'),
  }),
  /** Puts an alarm of the template into a state, as CloudWatch itself would; `alarm` is how its name ends. */
  z.strictObject({
    by: z.literal('alarm-state').describe('SetAlarmState, without a metric.'),
    alarm: text.describe('How the name of the alarm ends.'),
    reason: text.default('Threshold Crossed').describe('The reason that CloudWatch gives.'),
    afterMinutes: minutes.default(1).describe('When, from the beginning.'),
  }),
  /** Events as EventBridge would deliver them; `{instance}` in them stands for the id of the first instance. */
  z.strictObject({
    by: z.literal('event').describe('Events of any source, for example of GuardDuty.'),
    events: z
      .array(z.record(z.string(), z.unknown()))
      .min(1)
      .describe('Events as EventBridge would deliver them; `{instance}` stands for the id of the first instance.'),
    secondsApart: z.number().nonnegative().default(1).describe('How long after one another they come.'),
  }),
]);

const countSchema = z.number().int().nonnegative();

/** How a person answers the questions of the playbooks; whoever is not named here stays silent. */
const answerSchema = z.strictObject({
  subject: subjectSchema,
  answer: z.enum(['yes', 'no']).describe('What the person says.'),
  afterMinutes: minutes.default(2).describe('How long after the question.'),
  by: text.default('arn:aws:iam::123456789012:user/alice').describe('Who answers.'),
});

/** A playbook that a person starts later on. */
const followSchema = z.strictObject({
  playbook: z.string().describe('The playbook.'),
  afterMinutes: minutes.describe('When, from the beginning.'),
  input: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('What it is started with; `{instance}` and `{incident}` are filled in.'),
});

/** What must have come of it. What is left out is not checked. */
const expectSchema = z.strictObject({
  executions: countSchema.optional().describe('How many executions there were.'),
  outcomes: z
    .array(z.enum(outcomes))
    .optional()
    .describe('Outcomes of the incidents, in the order in which they were opened.'),
  tally: z
    .partialRecord(z.enum(outcomes), countSchema)
    .optional()
    .describe('How many incidents ended so, for a drill of many; what is not named did not happen.'),
  code: text.optional().describe("Code of the first incident's conclusion."),
  path: z
    .array(text)
    .min(1)
    .optional()
    .describe('States of the first execution, in order; `...` stands for any number of others.'),
  pathOf: z
    .enum(outcomes)
    .optional()
    .describe('Whose path that is where executions race: that of the first incident which ended so.'),
  effects: z
    .record(z.string(), countSchema)
    .optional()
    .describe('How often a command really changed something, for example `StopInstances: 1`.'),
  reason: text.optional().describe("Part of the reason that the first incident's record gives."),
  notices: countSchema.optional().describe('How many notices were sent.'),
  instanceState: z
    .enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'])
    .optional()
    .describe('State of the first instance in the end.'),
  deadLetters: countSchema.optional().describe('How many events ended in the dead-letter queue.'),
  review: z
    .strictObject({
      repeatOffender: z.number().int().nonnegative().describe('The instance that comes back most.'),
      noisyAlarmOf: z.number().int().nonnegative().describe('The instance whose alarm goes off for nothing.'),
      troubles: z
        .array(z.tuple([minutes, minutes]))
        .describe(
          'Planted troubles of that alarm, from minute to minute, all of which its proposed threshold has to see.',
        ),
    })
    .optional()
    .describe('What the review has to find, by the index of the instance.'),
  patrol: z
    .strictObject({
      suspected: z.array(z.number().int().nonnegative()).describe('Which instances, and no others.'),
      leadMinutes: z.number().nonnegative().describe('How long before their alarms at least.'),
    })
    .optional()
    .describe('What patrols have to tell.'),
  alarms: z
    .record(z.string(), z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']))
    .optional()
    .describe('State of alarms in the end, by name.'),
});

/** A drill: what there is, what goes wrong, and what the playbook must make of it. */
export const scenarioShape = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens')
    .describe('The name of the file too, without .yml.'),
  story: z.string().min(10).max(200).describe('What happens, in a sentence for `--list` and the report.'),
  seed: z.number().int().nonnegative().default(1).describe('What random times and values are drawn from.'),
  stage: z.string().default('dev').describe('Whose template and settings.'),
  mode: z.enum(['act', 'observe']).default('act').describe('The mode of the stage in this drill.'),
  start: z.iso.datetime().default(defaultStart).describe('When the drill begins, UTC.'),
  playbook: z
    .string()
    .default('restart-instance')
    .describe('The playbook that the drill is about: what a manual start starts.'),
  fleet: z
    .array(
      instanceSpecSchema.extend({
        count: z.number().int().positive().max(2000).default(1).describe('How many of the kind.'),
      }),
    )
    .min(1)
    .prefault([{}])
    .describe('The instances; one that is healthy and opted in unless given.'),
  series: z
    .array(seriesSchema)
    .default([])
    .describe('Metrics by hand, in place of what the simulated instances report.'),
  starts: startsSchema.prefault({ by: 'alarm' }).describe('What sets the playbook going.'),
  answers: z
    .array(answerSchema)
    .default([])
    .describe(
      'How people answer the questions of the playbooks: the n-th answer about a subject is for its n-th question; without one nobody says anything.',
    ),
  follows: z.array(followSchema).default([]).describe('Playbooks that a person starts later on.'),
  account: accountSchema.prefault({}).describe('What surrounds the instances in the account.'),
  variables: z
    .record(z.string(), z.string())
    .default({})
    .describe("Variables of the functions that differ from the stage's."),
  watch: z.boolean().default(false).describe('Whether enrolment, reconcile, patrol and review run too.'),
  schedules: z
    .boolean()
    .default(true)
    .describe("Whether the template's schedules run; a drill over weeks does without those of every minute."),
  alarms: z
    .array(text)
    .optional()
    .describe("How the names of the instances' alarms end that watch; all of the template's unless given."),
  review: z.boolean().default(false).describe('Whether the drill ends in a review of its incidents, with its page.'),
  faults: z
    .array(z.looseObject({ name: z.string() }))
    .default([])
    .describe('What goes wrong: the faults below, each with its parameters beside its name.'),
  delivery: z
    .strictObject({
      delayMs: z.number().nonnegative().describe('Milliseconds from the event to its delivery.'),
      copies: z.number().int().positive().max(100).describe('How often each event is delivered.'),
      jitterMs: z.number().nonnegative().describe('How far the delays of the copies differ.'),
      deniedRules: z.array(z.string()).describe('Rules that may not start their machine, by name.'),
    })
    .partial()
    .default({})
    .describe('How EventBridge delivers; half a second later, and once, unless given.'),
  planted: z.array(text).default([]).describe('Texts in the input that must not reach a log.'),
  lastsMinutes: minutes
    .default(0)
    .describe('Simulated minutes that the drill lasts at least, for what happens after the first execution.'),
  givesUpAfterMinutes: minutes
    .default(180)
    .describe('Simulated minutes after which no execution is expected any more.'),
  expect: expectSchema.describe('What must have come of it. What is left out is not checked.'),
});

/** Reads a scenario, also one that was written with the former names of its fields. */
export const scenarioSchema = z.preprocess(withPresentNames, scenarioShape);

export type Scenario = z.output<typeof scenarioShape>;
export type ScenarioInput = z.input<typeof scenarioShape>;
export type Expectation = Scenario['expect'];
