import { userInfo } from 'node:os';
import { ask } from '../live/ask';
import { untilInterrupted, waitUnless } from '../live/interrupt';
import { progressFor } from '../live/progress';
import { exitCodes, type Options } from '../options';
import type { Paint } from '../render/paint';
import { loadScenario } from '../scenario/load';
import { stageClients } from './clients';
import { drillOnStage } from './command';

/** The drill on a stage from the command line: real clients, real waits, confirmation at the terminal. @returns the exit code */
export async function runOnStage(
  options: Options & { stage: string },
  say: (line: string) => void,
  write: (line: string) => void,
  paint: Paint,
): Promise<number> {
  const scenario = await loadScenario(options.scenario);
  return untilInterrupted(async (signal) => {
    const result = await drillOnStage(
      scenario,
      { ...options, report: options.report ?? 'reports', requestedBy: userInfo().username },
      {
        clients: stageClients(options),
        say,
        paint,
        ...(process.stdin.isTTY && !options.json ? { ask } : {}),
        now: () => new Date(),
        wait: waitUnless,
        signal,
        show: () => progressFor(options.json ? {} : process.stdout, say, paint),
      },
    );
    if (options.json) write(JSON.stringify(result));
    if (result.status === 'RUNNING') return exitCodes.interrupted;
    return result.status === 'SUCCEEDED' ? exitCodes.asExpected : exitCodes.notAsExpected;
  });
}
