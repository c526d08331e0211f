import * as z from 'zod/mini';
import { parseWith } from '../shared/parse';

const isolation = z.object({
  /** keep, or detach: whether Elastic IPs come off. */
  ELASTIC_IPS: z.enum(['keep', 'detach']),
  /** never, or ask: whether a person is asked to revoke the sessions of the instance's role. */
  REVOKE_SESSIONS: z.enum(['never', 'ask']),
});
export type IsolationSettings = z.output<typeof isolation>;

/**
 * What the stage isolates with, from the function's environment.
 * @throws InvalidInputError naming the variable
 */
export function readIsolationSettings(environment: NodeJS.ProcessEnv = process.env): IsolationSettings {
  return parseWith(isolation, environment, 'environment');
}
