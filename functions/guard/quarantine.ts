import { accountHere } from '../place/here';
import { stayOf } from '../place/in-place';
import { hasEntry, readEntry, recordKey } from '../record/store';
import { readItem } from '../shared/clients/table';
import type { Config } from '../shared/config';
import type { Mark } from './mark';
import { quarantineTag } from './tags';

/**
 * What an instance's quarantine tag proves. Anyone who may tag the instance can write it, so it counts only if the record
 * of the named incident shows that it isolated this instance, and it has not been released since.
 */
export async function readMark(
  instanceId: string,
  tags: Readonly<Record<string, string>>,
  config: Config,
): Promise<Mark | undefined> {
  const by = tags[quarantineTag];
  if (by === undefined) return undefined;
  const record = await readItem(recordKey(by), config);
  const isItsRecord =
    record?.playbook === 'isolate-instance' &&
    record.instanceId === instanceId &&
    stayOf({ incident: record })?.place.account === accountHere();
  if (!isItsRecord || !(await hasEntry(by, 'changed#tag', config))) return { by, state: 'unconfirmed' };
  if ((await readEntry(by, 'released', config)) !== undefined) return { by, state: 'unconfirmed' };
  if (record.status === 'OPEN') return { by, state: 'under-way' };
  return { by, state: record.outcome === 'CONTAINED' ? 'isolated' : 'in-part' };
}
