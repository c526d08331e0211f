import { z } from 'zod';
import { defaultStart } from '../stack/place';
import { accountSchema } from './account-schema';
import { expectSchema } from './expect-schema';
import { instanceIndex, minutes, text } from './fields';
import { withPresentNames } from './former-names';
import { notOneOfEach } from './one-of-each';
import { fleetSchema, placeSchema } from './place-schema';
import { answerSchema, followSchema, startsSchema } from './starts-schema';

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
export const scenarioSchema = z.preprocess(
  withPresentNames,
  scenarioShape.superRefine((scenario, { addIssue }) => {
    for (const mistake of notOneOfEach(scenario)) addIssue({ code: 'custom', ...mistake });
  }),
);

export type Scenario = z.output<typeof scenarioShape>;
export type ScenarioInput = z.input<typeof scenarioShape>;
export type Expectation = Scenario['expect'];
