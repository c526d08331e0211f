import type { Place } from '../place/place';
import type { NewIncident } from '../record/incident';
import { recordKey } from '../record/store';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';

/** The step was called out of order: its input does not match the record, so it does nothing. */
export class OutOfTurnError extends PlaybookError {}

const same = ['executionId', 'playbook', 'mode', 'instanceId', 'drill'] as const;

/** What a step's input claims about its incident, and the record has to repeat. */
export type Claimed = Pick<NewIncident, 'incidentId' | (typeof same)[number] | 'alarm' | 'finding' | 'place'>;

/**
 * Whether the incident in a step's input is the one in the record: open, with the same execution, playbook, mode, instance
 * and cause. A record is closed when its execution ends, however it ends, so an open one has a running execution.
 * @throws OutOfTurnError
 */
export async function assertInTurn(incident: Claimed, config: Config): Promise<void> {
  const { incidentId } = incident;
  const record = await readItem(recordKey(incidentId), config);
  if (!record) throw new OutOfTurnError(`There is no record of incident ${incidentId}.`);
  if (record.status !== 'OPEN') throw new OutOfTurnError(`Incident ${incidentId} is closed.`);
  const differs =
    same.find((field) => record[field] !== incident[field]) ??
    (isSamePlace(record.place as Partial<Place> | undefined, incident.place) ? undefined : 'place');
  if (differs) throw new OutOfTurnError(`The record of incident ${incidentId} has another ${differs}.`);
  if (causeOf(record) === causeOf(incident)) return;
  throw new OutOfTurnError(`The record of incident ${incidentId} has another cause.`);
}

const isSamePlace = (one: Partial<Place> | undefined, other: Partial<Place> | undefined) =>
  one?.account === other?.account && one?.region === other?.region;

interface Caused {
  alarm?: { alarmArn?: string } | undefined;
  finding?: { findingArn?: string } | undefined;
}

const causeOf = ({ alarm, finding }: Caused) => alarm?.alarmArn ?? finding?.findingArn;
