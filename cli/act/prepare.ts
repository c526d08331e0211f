import { findMachine, readLive, type StageSettings } from '../../drill/stage/machine';
import { askStage } from '../ask-stage';
import { ActError } from './errors';
import type { ActClients } from './frame';
import { playbooks } from './names';

/** The machines of a stage that a run starts. @throws StageCallError or StageError */
export async function machinesOfRun(clients: ActClients, stage: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const playbook of playbooks)
    found.set(
      playbook,
      await askStage(`Nothing was made: stage ${stage} could not be read`, () => findMachine(clients, stage, playbook)),
    );
  return found;
}

/**
 * What has to hold before anything is made: the machines are there, and every one of them acts.
 * @throws ActError, StageCallError or StageError, each with what to do
 */
export async function prepareAct(
  clients: ActClients,
  stage: string,
): Promise<{ machines: Map<string, string>; settings: StageSettings }> {
  const machines = await machinesOfRun(clients, stage);
  let settings: StageSettings | undefined;
  for (const [playbook, arn] of machines) {
    const live = await askStage(`Nothing was made: ${playbook} could not be read`, () => readLive(clients, arn));
    if (live.settings.MODE !== 'act')
      throw new ActError(
        `Nothing was made: ${playbook} of stage ${stage} is in observe mode and would change nothing. Deploy it with mode: act, and run the smoke test without --act until then.`,
      );
    settings ??= live.settings;
  }
  return { machines, settings: settings! };
}
