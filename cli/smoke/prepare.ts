import { chooseInstance } from '../../drill/stage/instance';
import { readLive } from '../../drill/stage/machine';
import { PlaybookError } from '../../functions/shared/errors';
import { askStage } from '../ask-stage';
import { arnIn, type Subject } from '../doctor/check';
import type { AccountClients } from '../doctor/clients';
import { paramsOf } from '../doctor/project';
import { whoAsks } from '../doctor/run';
import type { Smoke } from './frame';
import { Ledger } from './ledger';
import type { Clock } from './until';

/** Nothing was set or started: the message says why, and what to do. */
export class SmokeError extends PlaybookError {}

export interface SmokeOptions {
  stage: string;
  instance: string;
  /** Goes on although the stage acts, so that the alarm that the run sets may restart the instance. */
  inActMode?: boolean | undefined;
}

/**
 * What has to hold before anything is set: credentials, a deployed stage in observe mode, an instance that is opted in.
 * @throws SmokeError, StageCallError or StageError, each with what to do; nothing is changed then
 */
export async function prepare(
  { stage, instance, inActMode }: SmokeOptions,
  clients: AccountClients,
  clock: Clock,
  runId: string,
): Promise<Smoke> {
  const { place, line } = await whoAsks(clients);
  if (!place) throw new SmokeError(`Nothing was set: ${line.said}: ${line.todo}`);
  const subject: Subject = { stage, clients, place, now: clock.now(), params: paramsOf(stage) };
  const machineArn = arnIn(subject, 'states', 'stateMachine:*-restart-instance');
  const { settings } = await askStage(`Nothing was set: stage ${stage} could not be read`, () =>
    readLive(clients, machineArn),
  );
  if (settings.MODE === 'act' && !inActMode)
    throw new SmokeError(
      `Nothing was set: stage ${stage} is in act mode, so the alarm that a smoke run sets could restart ${instance}. Deploy it with mode: observe, or pass --in-act-mode to let that happen.`,
    );
  const { instanceId } = await askStage('Nothing was set', () => chooseInstance(clients, instance, settings));
  return { ...subject, settings, instanceId, clock, ledger: new Ledger(), runId };
}
