import type { NewIncident } from '../record/incident';
import { recordKey } from '../record/store';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';

/** The step was called out of turn: what it is given is not what the record says, so it does nothing. */
export class OutOfTurnError extends PlaybookError {}

type Claimed = Pick<NewIncident, 'incidentId' | 'executionId' | 'playbook' | 'mode' | 'instanceId'>;

/**
 * Whether the incident that a step is given is the one of the record: open, of this execution, playbook, mode and
 * instance. A record is closed when its execution ends, however it ends, so an open one has an execution that runs.
 * @throws OutOfTurnError
 */
export async function assertInTurn(incident: Claimed, config: Config): Promise<void> {
  const record = await readItem(recordKey(incident.incidentId), config);
  if (!record) throw new OutOfTurnError(`There is no record of incident ${incident.incidentId}.`);
  if (record.status !== 'OPEN') throw new OutOfTurnError(`The incident ${incident.incidentId} is closed.`);
  const fields = ['executionId', 'playbook', 'mode', 'instanceId'] as const;
  const wrong = fields.find((field) => record[field] !== incident[field]);
  if (wrong) throw new OutOfTurnError(`The record of incident ${incident.incidentId} says another ${wrong}.`);
}
