import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Conclusion } from '../record/conclusion';
import { fromAws } from './aws-errors';
import { type Clock, systemClock } from './clock';
import { type Config, readConfig } from './config';
import { logger } from './logger';
import { parseWith } from './parse';
import * as z from './schema';

/** What a step may find: where it ends the run, it says so under a code of the catalogue. */
type Found = object & { conclusion?: Conclusion | undefined };

/** What every step is given besides its input. */
export interface StepTools {
  clock: Clock;
  config: Config;
}

const logged = z.object({
  incident: z.optional(
    z.object({
      incidentId: z.optional(z.string()),
      executionId: z.optional(z.string()),
      instanceId: z.optional(z.string()),
    }),
  ),
  executionId: z.optional(z.string()),
});

/**
 * The one wrapper of every Lambda step: parses the input by `schema`, hands over clock and settings,
 * names AWS errors so that the state machine can catch them, and writes exactly one log line.
 * @param name the step's name, as in the log
 * @param schema what the state machine passes in
 * @param work parse is done: decide and act
 */
export function step<S extends z.ZodMiniType, R extends Found>(
  name: string,
  schema: S,
  work: (input: z.output<S>, tools: StepTools) => Promise<R>,
) {
  const run = async (event: unknown): Promise<R> => {
    const input = parseWith(schema, event, 'input');
    return work(input, { clock: systemClock, config: readConfig() });
  };
  return middy<unknown, R, Error, Context>()
    .use({
      after: ({ event }) => {
        logger.info('step done', { step: name, ...idsOf(event) });
      },
      onError: (request) => {
        const error = fromAws(request.error);
        logger.error('step failed', { step: name, ...idsOf(request.event), error: error.name, why: error.message });
        throw error;
      },
    })
    .handler(run);
}

function idsOf(event: unknown): Record<string, string | undefined> {
  const parsed = logged.safeParse(event);
  if (!parsed.success) return {};
  const { incident, executionId } = parsed.data;
  return {
    incidentId: incident?.incidentId,
    instanceId: incident?.instanceId,
    executionId: incident?.executionId ?? executionId,
  };
}
