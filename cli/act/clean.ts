import { whyNot } from '../../drill/stage/why';
import { incidentTag } from '../../functions/containment/saved';
import { quarantineTag } from '../../functions/guard/tags';
import { fail, type Line, ok } from '../doctor/line';
import { cleanCommand } from './names';
import {
  type Cleaning,
  deleteAlarms,
  deleteGroups,
  deleteSnapshots,
  deleteVolumes,
  findInstances,
  findSnapshots,
  stopExecutions,
  terminate,
} from './remove';

/**
 * Removes what runs have made: stops their executions first, so that nothing new is made, then the instances, and then what
 * isolations have kept of them. Doing it again does nothing. What fails hinders nothing else.
 */
export async function clean(cleaning: Cleaning): Promise<Line[]> {
  const { stage } = cleaning;
  const lines: Line[] = [];
  const attempt = async <T>(what: string, work: () => Promise<T>, said: (found: T) => string | undefined) => {
    try {
      const found = await work();
      const text = said(found);
      if (text !== undefined) lines.push({ id: 'removed', what, ...ok(text) });
      return found;
    } catch (error) {
      lines.push({ id: 'removed', what, ...fail(`not removed: ${whyNot(error)}`, cleanCommand(stage)) });
      return undefined;
    }
  };
  const count = (what: string) => (found: readonly string[]) =>
    found.length > 0 ? `${what}: ${found.join(', ')}` : undefined;
  await attempt('executions', () => stopExecutions(cleaning), count('stopped'));
  const found = await attempt(
    'instances',
    () => findInstances(cleaning),
    () => undefined,
  );
  const instances = found ?? [];
  const ids = [...new Set([...(cleaning.known ?? []), ...instances.map(({ InstanceId = '' }) => InstanceId)])];
  const standing = instances
    .filter(({ State }) => State?.Name !== 'terminated')
    .map(({ InstanceId = '' }) => InstanceId);
  for (const id of standing)
    await attempt(
      'instance',
      () => terminate(cleaning, id),
      () => `terminated ${id}`,
    );
  await attempt('volumes', () => deleteVolumes(cleaning), count('deleted'));
  const incidents = instances.flatMap(({ Tags = [] }) =>
    Tags.filter(({ Key }) => Key === quarantineTag).map(({ Value = '' }) => Value),
  );
  const snapshots = await attempt(
    'snapshots',
    () => findSnapshots(cleaning, ids),
    () => undefined,
  );
  for (const { Tags = [] } of snapshots ?? [])
    incidents.push(...Tags.filter(({ Key }) => Key === incidentTag).map(({ Value = '' }) => Value));
  const groups = await attempt('security groups', () => deleteGroups(cleaning, incidents), count('deleted'));
  // Last: after a release they alone say which incident made the groups.
  if (snapshots && groups) await attempt('snapshots', () => deleteSnapshots(cleaning, snapshots), count('deleted'));
  await attempt('alarms', () => deleteAlarms(cleaning, ids), count('deleted'));
  return lines;
}
