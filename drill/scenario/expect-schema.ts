import { z } from 'zod';
import { outcomes } from '../../functions/record/outcomes';
import { minutes, text } from './fields';
import { expectedPlaceSchema } from './place-schema';

const countSchema = z.number().int().nonnegative();

/** The expected results. Omitted fields are not checked. */
export const expectSchema = z.strictObject({
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
