import { measureBudgets } from './budgets';
import { cpuCases, type DecisionRow, decide, fleetCases, serverCases } from './decisions';
import type { Labelled } from './nab-score';
import { say, table } from './say';
import { measureServers } from './servers';
import type { Server } from './servers-data';

const percent = (share: number | undefined) => (share === undefined ? '' : `${Math.round(100 * share)} %`);

/** To be shown first: the first judgement of a process is a cold one. */
export function showBudgets(): void {
  const { rows, peakBytes } = measureBudgets();
  say('## Budgets: milliseconds of processor time, all threads');
  table([
    ['work', 'first time', 'again', 'budget', 'met'],
    ...rows.map(({ what, firstMs, againMs, budgetMs }) => [
      what,
      firstMs.toFixed(0),
      againMs.toFixed(0),
      `${budgetMs}`,
      firstMs < budgetMs ? 'yes' : 'NO',
    ]),
  ]);
  say(`Most memory held: ${Math.round(peakBytes / 1e6)} MB\n`);
}

/** Several metrics on labelled servers. */
export function showServers(folder: string, servers: Iterable<Server>): void {
  const { rows, missing } = measureServers(folder, servers);
  const groups = [...(rows[0]?.groups.keys() ?? [])];
  say(`## Several metrics: VUS-PR on ${folder} (in sample)`);
  table([
    ['method', ...groups, 'mean of groups', 'by vus_pr.py', 'same to 0.001'],
    ...rows.map(({ method, groups: found, mean, byScript }) => [
      method,
      ...groups.map((group) => found.get(group)!.toFixed(3)),
      mean.toFixed(4),
      byScript === undefined ? 'not checked' : byScript.toFixed(3),
      byScript === undefined ? '' : Math.abs(mean - byScript) <= 0.001 ? 'yes' : 'NO',
    ]),
  ]);
  for (const line of missing) say(`${line}\n`);
}

/** What acting is worth: alarms alone, and what scorer and guards make of them. */
export function showDecisions(nab: readonly Labelled[] | undefined, servers: Iterable<Server> | undefined): void {
  if (nab) decisions('labelled CPU series, alarm at 80 %', decide(cpuCases(nab)));
  for (const know of servers ? (['its column alone', 'other columns'] as const) : [])
    decisions(
      `servers' columns that behave like CPU, alarm at four fifths of their scale, known: ${know}`,
      decide(serverCases(servers!, know)),
    );
  decisions('generated fleets, alarm at 80 %, two instances a family, four weeks', decide(fleetCases([1, 2])));
}

function decisions(title: string, rows: readonly DecisionRow[]): void {
  say(`## Decisions: ${title}`);
  table([
    [
      'what',
      'weeks',
      'alarms',
      'precision of alarms',
      'troubles with an alarm',
      'false restarts a week',
      'precision of restarts',
      'troubles with a restart',
      'recovered by themselves',
      'vetoes',
      'vetoes in a trouble',
      'wrong threshold',
    ],
    ...rows.map((row) => [
      row.row,
      row.instanceWeeks.toFixed(1),
      `${row.alarms}`,
      percent(row.alarmPrecision),
      row.alarmRecall,
      row.falseRestartsAWeek.toFixed(2),
      percent(row.precision),
      row.recall,
      `${row.recovered}`,
      `${row.vetoes}`,
      `${row.vetoesInTrouble}`,
      `${row.wrongThresholds}`,
    ]),
  ]);
}
