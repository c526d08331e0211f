import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { inPlace, stayOf } from '../place/in-place';
import type { Conclusion } from '../record/conclusion';
import { fromAws } from './aws-errors';
import { type Clock, systemClock } from './clock';
import { type Config, readConfig } from './config';
import { type Ids, idsFrom } from './ids';
import { logger } from './logger';
import { parseWith } from './parse';
import { assertSize, shorten } from './result-size';
import * as z from './schema';

/** The result of a step: if it ends the run, it has a conclusion with a code from the catalogue. */
type Found = object & { conclusion?: Conclusion | undefined };

/** What every step receives in addition to its input. */
export interface StepTools {
  clock: Clock;
  config: Config;
  ids: Ids;
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
 * middy would fail a step just before its time is up, and its work would go on where Lambda reuses the environment, beside
 * its own retry. Lambda's time limit resets the environment, so nothing of the work remains.
 * Source: Lambda developer guide, "Lambda execution environment lifecycle".
 */
const lambdaEndsIt = { timeoutEarlyInMillis: 0 };

/**
 * The wrapper of every Lambda step: parses the input with `schema`, provides clock and settings, runs the work in the place
 * of its incident, names AWS errors so that the state machine can catch them, limits what result and error leave in its
 * state, and writes exactly one log line; a step that takes too long leaves Lambda's own.
 * @param name the step's name, as in the log
 * @param schema the input from the state machine
 * @param work decides and acts on the parsed input
 */
export function step<S extends z.ZodMiniType, R extends Found>(
  name: string,
  schema: S,
  work: (input: z.output<S>, tools: StepTools) => Promise<R>,
) {
  const run = async (event: unknown, context?: Partial<Context>): Promise<R> => {
    const input = parseWith(schema, event, 'input');
    const tools = { clock: systemClock, config: readConfig(), ids: idsFrom(context?.awsRequestId) };
    const found = await inPlace(stayOf(event), () => work(input, tools));
    return assertSize(name, found);
  };
  return middy<unknown, R, Error, Context>(lambdaEndsIt)
    .use({
      after: ({ event }) => {
        logger.info('step done', { step: name, ...idsOf(event) });
      },
      onError: (request) => {
        const error = fromAws(request.error);
        logger.error('step failed', { step: name, ...idsOf(request.event), error: error.name, why: error.message });
        throw shorten(error);
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
