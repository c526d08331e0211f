import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { parse } from 'yaml';
import type { StageSettings } from '../../drill/backtest/model';
import { packageStage } from '../../drill/packaging/package-stage';
import { projectRoot } from '../../drill/report/command';
import { askStage, StageCallError } from '../ask-stage';
import { deployedSettings } from './deployed';
import { liveFunction } from './live-function';
import { BacktestError, type Overrides, settingsOf } from './settings';

export interface Choice {
  stage: string;
  /** Whether somebody named the stage. */
  isNamed: boolean;
  /** Whether its instances are read from AWS too: then nothing else will do. */
  isLive: boolean;
}

/** Nobody is there to be asked: no credentials, no region, no network. */
const unreachable =
  /region is (missing|not set)|no region|no credentials|not reachable|could not be reached|Could not load/i;

/**
 * The settings of a backtest: those of a named stage that its alarms start (`live`); where AWS cannot be asked, and for a stage that
 * nobody named, those of its template in this folder.
 * @returns the settings, and a remark where they are not what was asked for
 * @throws BacktestError for a stage that is not there, StageCallError when AWS refuses
 */
export async function chooseSettings(
  { stage, isNamed, isLive }: Choice,
  overrides: Overrides,
): Promise<{ settings: StageSettings; remark?: string }> {
  if (!isNamed && !isLive) return { settings: settingsOf(await packageStage(stage), stage, overrides) };
  try {
    const clients = { cloudWatch: new CloudWatchClient({}), lambda: new LambdaClient({}) };
    const ask = async () => deployedSettings(stage, clients, overrides, await liveFunction(stage, new SFNClient({})));
    return { settings: await askStage(`Stage ${stage} could not be read`, ask) };
  } catch (error) {
    if (isLive || !(error instanceof StageCallError) || !unreachable.test(error.message)) throw error;
    if (!stagesHere().includes(stage))
      throw new BacktestError(
        `There is no stage "${stage}" in resources/stages.yml, and AWS was not asked: ${error.message}`,
      );
    const settings = settingsOf(await packageStage(stage), stage, overrides);
    return { settings, remark: `${error.message}; the alarms and settings are those of ${settings.source}` };
  }
}

const stagesHere = (): string[] =>
  Object.keys(parse(readFileSync(join(projectRoot, 'resources', 'stages.yml'), 'utf8')) as object).filter(
    (name) => name !== 'default',
  );
