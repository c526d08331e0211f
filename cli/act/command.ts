import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ask } from '../../drill/live/ask';
import { untilInterrupted, waitUnless } from '../../drill/live/interrupt';
import type { Paint } from '../../drill/render/paint';
import { stageClients } from '../../drill/stage/clients';
import type { Line } from '../doctor/line';
import { oneLine } from '../smoke/lines';
import { clean } from './clean';
import { costLine } from './cost';
import { ActError } from './errors';
import { knownInstances, ledgerFile, ledgerIn } from './ledger';
import { cleanCommand } from './names';
import { machinesOfRun, prepareAct } from './prepare';
import { type ActReport, actExitCode, actRun, uninterrupted } from './run';

/** Where ledgers are kept. */
const folder = '.drill/act';

export interface ActCommand {
  stage: string;
  subnet?: string | undefined;
  profile?: string | undefined;
  yes?: boolean | undefined;
  say: (line: string) => void;
  paint: Paint;
}

const clientsOf = () => ({ ...stageClients({}), cloudWatch: new CloudWatchClient({}) });
const clockWith = (signal: AbortSignal) => ({ now: () => new Date(), wait: waitUnless, signal });

/**
 * `smoke --act`: says what is made and what it costs, asks, and runs.
 * @returns the report and the exit code
 * @throws ActError, StageCallError or StageError before anything is made
 */
export function act({
  stage,
  subnet,
  profile,
  yes,
  say,
  paint,
}: ActCommand): Promise<{ report: ActReport; code: number }> {
  return untilInterrupted(async (signal) => {
    if (subnet === undefined)
      throw new ActError('--act needs --subnet: where the throwaway instance is made. Nothing was made.');
    const clients = clientsOf();
    const { machines, settings } = await prepareAct(clients, stage);
    say(
      `Makes one t4g.nano in ${subnet}, without a public address and with an encrypted volume, opted in to stage ${stage}; every playbook acts on it; then all is removed.`,
    );
    say(costLine());
    say(
      'Records remain, and where the stage locks evidence (evidenceLockDays), so does the locked copy of this isolation. Isolation, release and block ask for approval.',
    );
    await confirm(yes);
    const runId = randomBytes(6).toString('hex');
    const clock = clockWith(signal);
    const file = ledgerFile(folder, stage, runId);
    say(`Ledger: ${file}. What a crash leaves is removed by: ${cleanCommand(stage)}`);
    const report = await actRun({
      options: { stage, subnet, profile, runId, requestedBy: userInfo().username },
      clients,
      machines,
      settings,
      clock,
      ledger: ledgerIn(file, clock.now),
      say,
      onLine: sayLine(say, paint),
    });
    return { report, code: actExitCode(report) };
  });
}

async function confirm(yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new ActError('Nothing was made: there is no terminal to confirm; pass --yes to make it.');
  if (!(await ask('Make it?'))) throw new ActError('Nothing was made.');
}

/** `smoke --clean`: removes what runs of the stage have left. @throws StageCallError or StageError */
export async function cleanUp({ stage, say, paint }: ActCommand): Promise<{ report: ActReport; code: number }> {
  const clients = clientsOf();
  const machines = [...(await machinesOfRun(clients, stage)).values()];
  const clock = uninterrupted(clockWith(new AbortController().signal));
  const lines = await clean({ stage, clients, clock, machines, known: knownInstances(folder, stage) });
  for (const line of lines) sayLine(say, paint)(line);
  if (lines.length === 0) say(`Nothing is left of smoke tests of stage ${stage}.`);
  return { report: { lines, isInterrupted: false }, code: actExitCode({ lines, isInterrupted: false }) };
}

const sayLine = (say: (line: string) => void, paint: Paint) => (line: Line) => {
  for (const text of oneLine(line, paint)) say(text);
};
