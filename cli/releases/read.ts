import type { SFNClient } from '@aws-sdk/client-sfn';
import { PlaybookError } from '../../functions/shared/errors';
import { machinesOf, nameOf, type Released, readReleased } from '../../packaging/released';
import { askStage } from '../ask-stage';

/** A version cannot be what `live` starts; nothing was moved. The message says why, and what to do. */
export class ReleaseError extends PlaybookError {}

/** A machine of a stage under the playbook's name. */
export interface Playbook extends Released {
  playbook: string;
}

/**
 * Versions and alias of a stage's machines.
 * @param playbooks the names asked for; empty for all
 * @throws ReleaseError for a stage or a playbook that is not there; StageCallError
 */
export async function readReleases(sfn: SFNClient, stage: string, playbooks: readonly string[]): Promise<Playbook[]> {
  const ask = <T>(call: () => Promise<T>) => askStage(`The releases of stage ${stage} could not be read`, call);
  const arns = await ask(() => machinesOf(sfn, stage));
  if (arns.length === 0)
    throw new ReleaseError(`Stage ${stage} has no state machine in this account and region. Is it deployed here?`);
  const all = new Map(
    arns.map((arn) => [nameOf({ machineArn: arn }).slice(`incident-playbooks-${stage}-`.length), arn]),
  );
  for (const playbook of playbooks)
    if (!all.has(playbook))
      throw new ReleaseError(`Stage ${stage} has no playbook "${playbook}". It has ${[...all.keys()].join(', ')}.`);
  const found: Playbook[] = [];
  for (const [playbook, arn] of all)
    if (playbooks.length === 0 || playbooks.includes(playbook))
      found.push({ playbook, ...(await ask(() => readReleased(sfn, arn))) });
  return found;
}
