import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

const count = z.pipe(
  z.matching(/^\d+$/, 'a whole number'),
  z.transform((text: string) => Number(text)),
);
/** Empty: the stage names none. */
const logGroup = z._default(z.optional(z.matching(/^[\w./#-]{0,512}$/, 'the name of a log group, or nothing')), '');

const environment = z.object({
  FLOW_LOG_GROUP: logGroup,
  LOGIN_LOG_GROUP: logGroup,
  /** How many lines have to name an address for it to be a source. */
  SOURCE_LINES: count,
  /** At how many ports an address has to be rejected to be one that scans. */
  PORT_SCAN_PORTS: count,
  /** How many bytes within five minutes are much traffic. */
  FLOW_BYTES: count,
});
export type LogSettings = z.output<typeof environment>;

/** The stage's settings for searches in logs, from the function's environment. @throws InvalidInputError naming the variable */
export function readLogSettings(variables: NodeJS.ProcessEnv = process.env): LogSettings {
  return parseWith(environment, variables, 'environment');
}
