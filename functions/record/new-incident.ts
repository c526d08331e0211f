import type { Config } from '../shared/config';
import type { NewIncident } from './incident';
import { incidentIdOf } from './incident-id';

type Begun = Pick<NewIncident, 'executionId' | 'playbook' | 'trigger'> & Partial<NewIncident>;

/**
 * An incident that begins now, in the mode of the stage.
 * @param key what happened: the same for every delivery of it
 * @param begun what is known of it so far
 */
export function newIncident<B extends Begun>(
  key: string,
  begun: B,
  now: Date,
  { MODE }: Pick<Config, 'MODE'>,
): NewIncident & B {
  return { incidentId: incidentIdOf(key), drill: false, mode: MODE, openedAt: now.toISOString(), ...begun };
}
