import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportOnHistory } from '../../drill/replay/to-report';
import { projectRoot } from '../../drill/report/command';
import { definitionFinder } from '../../drill/report/definitions';
import { fromDrill } from '../../drill/report/input';
import { renderReport } from '../../drill/report/report';
import { toPage } from '../../drill/report/review-page';
import { writeReports } from '../../drill/report/write';
import { loadScenario } from '../../drill/scenario/load';
import type { DrillResult } from '../../drill/scenario/result';
import { runScenario } from '../../drill/scenario/run';
import { terminals } from './shots';
import { terminalPage } from './terminal';

/** One end of each kind, and the long ones. The first is the one that the terminal shows. */
const scenarios = [
  'cpu-high-restart',
  'stop-hangs',
  'guardduty-isolate',
  'observe-only',
  'not-opted-in',
  'storm',
  'month',
];

const machineOf = ({ executions }: DrillResult) => executions[0]!;

/** Makes every page that is pictured, from drills that run now. */
export async function makePages(folder: string): Promise<void> {
  const results = new Map<string, DrillResult>();
  for (const name of scenarios) results.set(name, await runScenario(await loadScenario(name)));
  const find = definitionFinder(projectRoot);
  await writeReports(
    folder,
    [...results.values()].map((result) => fromDrill(result, find)),
  );
  for (const look of terminals) {
    const file = join(folder, `terminal-${look.columns}-${look.theme}.html`);
    await writeFile(file, terminalPage(results.get('cpu-high-restart')!, 'npm run drill', look));
  }
  await writeFile(join(folder, 'replay.html'), await replayPage(results.get('stop-hangs')!, find));
  const review = results.get('month')!.review;
  if (!review) throw new Error('The scenario month ends without a review.');
  await writeFile(join(folder, 'review.html'), toPage(review));
  backtest(join(folder, 'backtest.html'), ['--sample', '40']);
}

/** A recorded history as its report shows it: the one of a drill, without what only a drill knows. */
function replayPage(result: DrillResult, find: ReturnType<typeof definitionFinder>): Promise<string> {
  const { id, machine, history } = machineOf(result);
  const input = reportOnHistory({
    name: `restart-instance-${id.split(':').at(-1)}`,
    story: 'Replayed from history.json.',
    origin: 'history',
    setting: 'from a recorded history',
    playbook: 'restart-instance',
    ...{ id, machine, history, definition: find(machine) },
  });
  return renderReport(input);
}

/** As an operator runs it: what developers run imports nothing of what operators run. */
export function backtest(report: string, input: readonly string[]): void {
  const command = ['--import', 'tsx', 'cli/backtest.ts', ...input, '--report', report];
  execFileSync(process.execPath, command, { cwd: projectRoot, stdio: ['ignore', 'ignore', 'inherit'] });
}
