import { z } from 'zod';
import { subjectSchema as subjects } from '../../functions/approval/approval';
import { outcomes } from '../../functions/incident/incident';
import { instanceSpecSchema } from '../cloud';
import { defaultStart } from '../stack/place';

const minutes = z
  .number()
  .nonnegative()
  .max(60 * 24 * 60);
const instanceIndex = z.number().int().nonnegative().default(0);
const text = z.string().min(1).max(300);
const subjectSchema = z.enum(subjects.def.entries);

/** What there is besides instances. */
const accountSchema = z.strictObject({
  /** Target groups that the first instance is registered with. */
  targetGroups: z.array(z.string()).default([]),
  /** Whether Systems Manager manages the instances, and how many patches are missing. */
  managed: z.boolean().default(false),
  missingPatches: z.number().int().nonnegative().default(3),
  /** How a patch command ends on them. */
  patching: z.enum(['Success', 'Failed']).default('Success'),
  /** How far each Auto Scaling group of the fleet stands above its minimum. */
  scalingSpare: z.number().int().nonnegative().default(1),
  /** KMS keys that are not enabled, by ARN. */
  keys: z.record(z.string(), z.enum(['Disabled', 'PendingDeletion'])).default({}),
  /** The stage's kill switch, on from the beginning or from the first change by this command on. */
  killSwitch: z.strictObject({ by: text, reason: text, afterCommand: z.string().optional() }).optional(),
});

/** A metric by hand: each value holds from its minute on; null means that nothing is reported. */
const seriesSchema = z.strictObject({
  instance: instanceIndex,
  namespace: z.string().default('AWS/EC2'),
  metricName: z.string().min(1),
  values: z.array(z.tuple([z.number(), z.number().nullable()])).min(1),
});

/** What sets the playbook going. */
const startsSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('alarm') }),
  z.strictObject({
    by: z.literal('hand'),
    instance: instanceIndex,
    reason: text.default('A person asked for it.'),
    requestedBy: text.default('drill'),
    /** What the playbook takes besides, for example `cidr`; `{instance}` and `{incident}` are filled in. */
    input: z.record(z.string(), z.unknown()).default({}),
  }),
  /** Puts an alarm of the template into a state, as CloudWatch itself would; `alarm` is how its name ends. */
  z.strictObject({
    by: z.literal('alarm-state'),
    alarm: text,
    reason: text.default('Threshold Crossed'),
    afterMinutes: minutes.default(1),
  }),
  /** Events as EventBridge would deliver them; `{instance}` in them stands for the id of the first instance. */
  z.strictObject({
    by: z.literal('event'),
    events: z.array(z.record(z.string(), z.unknown())).min(1),
    secondsApart: z.number().nonnegative().default(1),
  }),
]);

const countSchema = z.number().int().nonnegative();

/** How a person answers the questions of the playbooks; whoever is not named here stays silent. */
const answerSchema = z.strictObject({
  subject: subjectSchema,
  answer: z.enum(['yes', 'no']),
  afterMinutes: minutes.default(2),
  by: text.default('arn:aws:iam::123456789012:user/alice'),
});

/** A playbook that a person starts later on. */
const followSchema = z.strictObject({
  playbook: z.string(),
  afterMinutes: minutes,
  input: z.record(z.string(), z.unknown()).default({}),
});

/** What must have come of it. What is left out is not checked. */
const expectSchema = z.strictObject({
  executions: countSchema.optional(),
  /** Outcomes of the incidents, in the order in which they were opened. */
  outcomes: z.array(z.enum(outcomes)).optional(),
  /** How many incidents ended so, for a drill of many; what is not named did not happen. */
  tally: z.partialRecord(z.enum(outcomes), countSchema).optional(),
  /** Code of the first incident's conclusion. */
  code: text.optional(),
  /** States of the first execution, in order; `...` stands for any number of others. */
  path: z.array(text).min(1).optional(),
  /** Whose path that is where executions race: that of the first incident which ended so. */
  pathOf: z.enum(outcomes).optional(),
  /** How often a command really changed something, for example `StopInstances: 1`. */
  effects: z.record(z.string(), countSchema).optional(),
  /** Part of the reason that the first incident's record gives. */
  reason: text.optional(),
  notices: countSchema.optional(),
  /** State of the first instance in the end. */
  instanceState: z.enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated']).optional(),
  deadLetters: countSchema.optional(),
  /** What the review has to find, by the index of the instance. */
  review: z
    .strictObject({
      repeatOffender: z.number().int().nonnegative(),
      noisyAlarmOf: z.number().int().nonnegative(),
      /** Planted troubles of the noisy alarm, from minute to minute, all of which its proposed threshold has to see. */
      troubles: z.array(z.tuple([minutes, minutes])),
    })
    .optional(),
  /** What patrols have to tell: the indices of the instances, no others, and how long before their alarms at least. */
  patrol: z
    .strictObject({ suspected: z.array(z.number().int().nonnegative()), leadMinutes: z.number().nonnegative() })
    .optional(),
  /** State of alarms in the end, by name. */
  alarms: z.record(z.string(), z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA'])).optional(),
});

/** A drill: what there is, what goes wrong, and what the playbook must make of it. */
export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  story: z.string().min(10).max(200),
  seed: z.number().int().nonnegative().default(1),
  stage: z.string().default('dev'),
  mode: z.enum(['act', 'observe']).default('act'),
  start: z.iso.datetime().default(defaultStart),
  playbook: z.string().default('restart-instance'),
  fleet: z
    .array(instanceSpecSchema.extend({ count: z.number().int().positive().max(2000).default(1) }))
    .min(1)
    .prefault([{}]),
  series: z.array(seriesSchema).default([]),
  starts: startsSchema.prefault({ by: 'alarm' }),
  answers: z.array(answerSchema).default([]),
  follows: z.array(followSchema).default([]),
  /** What surrounds the instances in the account. */
  account: accountSchema.prefault({}),
  /** Variables of the functions that differ from the stage's. */
  variables: z.record(z.string(), z.string()).default({}),
  /** Whether enrolment, reconcile, patrol and review run too. */
  watch: z.boolean().default(false),
  /** Whether the template's schedules run; a drill over weeks does without those of every minute. */
  schedules: z.boolean().default(true),
  /** How the names of the instances' alarms end that watch; all of the template's unless given. */
  alarms: z.array(text).optional(),
  /** Whether the drill ends in a review of its incidents, with its page. */
  review: z.boolean().default(false),
  faults: z.array(z.looseObject({ name: z.string() })).default([]),
  delivery: z
    .strictObject({
      delayMs: z.number().nonnegative(),
      copies: z.number().int().positive().max(100),
      jitterMs: z.number().nonnegative(),
      deniedRules: z.array(z.string()),
    })
    .partial()
    .default({}),
  /** Texts in the input that must not reach a log. */
  planted: z.array(text).default([]),
  /** Simulated minutes that the drill lasts at least, for what happens after the first execution. */
  lastsMinutes: minutes.default(0),
  /** Simulated minutes after which no execution is expected any more. */
  givesUpAfterMinutes: minutes.default(180),
  expect: expectSchema,
});

export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type Expectation = Scenario['expect'];
