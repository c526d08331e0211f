import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import type { Log } from './kinds';

const logGroup = z._default(z.optional(z.matching(/^[\w./#-]{0,512}$/, 'the name of a log group, or nothing')), '');

const environment = z.object({
  TRAIL_LOG_GROUP: logGroup,
  LOGIN_LOG_GROUP: logGroup,
  SYSTEM_LOG_GROUP: logGroup,
  APPLICATION_LOG_GROUP: logGroup,
});

/** The log groups that the stage names; empty for none. @throws InvalidInputError naming the variable */
export function readLogGroups(variables: NodeJS.ProcessEnv = process.env): Record<Log, string> {
  const found = parseWith(environment, variables, 'environment');
  return {
    trail: found.TRAIL_LOG_GROUP,
    login: found.LOGIN_LOG_GROUP,
    system: found.SYSTEM_LOG_GROUP,
    application: found.APPLICATION_LOG_GROUP,
  };
}
