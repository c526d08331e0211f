import { parseWith } from './parse';
import * as z from './schema';

const list = z.pipe(
  z.string(),
  z.transform((text: string) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  ),
);
const count = z.pipe(
  z.matching(/^\d+$/, 'a whole number'),
  z.transform((text: string) => Number(text)),
);

// Patterns where lengths would do: each further kind of check adds code to a cold start.
const text = z.matching(/./, 'text that is not empty');

const schema = z.object({
  STAGE: text,
  MODE: z.enum(['observe', 'act']),
  TABLE_NAME: text,
  TOPIC_ARN: z.matching(/^arn:/, 'an ARN'),
  ACCOUNT_IDS: list,
  REGIONS: list,
  OPT_IN_TAG: text,
  PROTECTED_TAG: text,
  COOLDOWN_MINUTES: count,
  LADDER_WINDOW_MINUTES: count,
  BREAKER_LIMIT: count,
  BREAKER_WINDOW_MINUTES: count,
  STORM_LIMIT: count,
  STORM_WINDOW_MINUTES: count,
  LEASE_MINUTES: count,
  RECORD_RETENTION_DAYS: count,
  AUTO_SCALING: z.enum(['refuse', 'standby']),
  UNKNOWN_SCORE: z.enum(['escalate', 'act']),
  ADDRESS_CHANGE: z.enum(['record', 'refuse']),
});

export type Config = z.output<typeof schema>;

/**
 * The stage's settings, as serverless.yml passes them to every function.
 * Read at each call, so that a changed setting needs no code change and a drill can set its own.
 * @throws InvalidInputError naming the variable that is missing or not valid
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  return parseWith(schema, environment, 'environment');
}
