import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { cleanFor, paintFor } from '../drill/render/paint';
import { toJson } from '../drill/render/shown';
import { wrapFor } from '../drill/render/wrap';
import { isOutcome, outcomes } from '../functions/record/outcomes';
import { asAccount, asIncident, asInstance, asStage } from './arguments';
import type { IncidentRecord, IncidentWithTimeline } from './incidents/records';

interface Options {
  stage: string;
  outcome?: string;
  instance?: string;
  account?: string;
  since: Date;
  report?: string | true;
  follow?: boolean;
  json?: boolean;
}

const dayMs = 86_400_000;
const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: dayMs };

/** `7d`, `36h`, `90m`, or an ISO 8601 time. */
export function sinceOf(text: string, now: Date): Date {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * unitMs[unit]!);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new InvalidArgumentError('It is a length such as 7d or 36h, or a time such as 2026-03-02.');
  if (at > now.getTime()) throw new InvalidArgumentError('It lies in the future.');
  return new Date(at);
}

/** An outcome, in any case. */
export function asOutcome(text: string): string {
  const word = text.toUpperCase();
  if (word === 'OPEN' || isOutcome(word)) return word;
  throw new InvalidArgumentError(`It is OPEN, ${outcomes.join(', ')}.`);
}

export function program(now: Date): Command {
  return endingWithTwo(new Command('incidents'))
    .description('Lists the incidents of a stage, open ones first, or shows one with its timeline. Changes nothing.')
    .argument('[incident]', 'ID of one incident, for example inc-0123456789abcdef0123', asIncident)
    .requiredOption('--stage <stage>', 'the stage, for example dev', asStage)
    .option(
      '--outcome <outcome>',
      'only those that ended so, for example ESCALATED; OPEN for those that have not ended',
      asOutcome,
    )
    .option('--instance <id>', 'only those of this instance', asInstance)
    .option('--account <id>', 'only those of this account, for a stage that looks after several', asAccount)
    .addOption(
      new Option('--since <when>', 'how far back: 36h, 7d, or a time')
        .argParser((text) => sinceOf(text, now))
        .default(sinceOf('7d', now), '7d'),
    )
    .option('--report [folder]', 'write the page of the incident to the folder (default: reports)')
    .option('--follow', 'show the incident until it is over')
    .option('--json', 'print only JSON');
}

/** How often an incident that is not over is read again. */
const lookEveryMs = 2000;

async function main(): Promise<void> {
  const now = new Date();
  const command = program(now).parse();
  const options = command.opts<Options>();
  const [incidentId] = command.args;
  if (incidentId === undefined && (options.report !== undefined || options.follow))
    command.error(`--${options.follow ? 'follow' : 'report'} needs the ID of an incident`, { exitCode: 2 });
  const filter = (['outcome', 'instance', 'account'] as const).find((name) => options[name] !== undefined);
  if (incidentId !== undefined && filter)
    command.error(`--${filter} filters the list: leave the ID out`, { exitCode: 2 });
  const clean = cleanFor(process.stdout);
  const wrap = await wrapFor(options.json ? {} : process.stdout);
  const say = (line: string) => void process.stdout.write(`${options.json ? line : wrap(clean(line))}\n`);
  if (incidentId === undefined) return list(options, now, say);
  return showOne(incidentId, options, say);
}

async function list(
  { stage, outcome, instance, account, since, json }: Options,
  now: Date,
  say: (line: string) => void,
) {
  const { accountOf, readList } = await import('./incidents/records');
  const { listLines } = await import('./incidents/lines');
  const isWanted = (one: IncidentRecord) =>
    (outcome === undefined || (one.outcome ?? one.status) === outcome) &&
    (instance === undefined || one.instanceId === instance) &&
    (account === undefined || accountOf(one) === account);
  const all = (await readList(stage, since, now)).filter(isWanted);
  if (all.length === 0 && account !== undefined) await assertOfStage(account, stage);
  if (json) return say(toJson(all));
  const such = (outcome ?? instance ?? account) ? 'such ' : '';
  if (all.length === 0) return say(`No ${such}incident of ${stage} was opened since ${since.toISOString()}.`);
  for (const line of listLines(all, paintFor(process.stdout))) say(line);
}

/** An account without incidents may be none of the stage's: a mistake must not read as quiet. */
async function assertOfStage(account: string, stage: string): Promise<void> {
  const { assertListed, readAccountIds } = await import('./stage-accounts');
  const accounts = await readAccountIds(stage);
  if (accounts.length > 0) assertListed(account, accounts, stage);
}

async function showOne(id: string, { stage, report, follow, json }: Options, say: (line: string) => void) {
  const { readOne } = await import('./incidents/records');
  const { entryLine, incidentLines } = await import('./incidents/lines');
  const paint = paintFor(process.stdout);
  let one: IncidentWithTimeline = await readOne(stage, id);
  if (!json && follow && one.status === 'OPEN') {
    const told = new Set<string>();
    for (;;) {
      for (const entry of one.timeline.filter(({ key }) => !told.has(key))) {
        told.add(entry.key);
        say(entryLine(entry, paint));
      }
      if (one.status !== 'OPEN') break;
      await sleep(lookEveryMs);
      one = await readOne(stage, id);
    }
    say('');
  }
  if (json) say(toJson(one));
  else for (const line of incidentLines(one, stage, paint)) say(line);
  if (report === undefined) return;
  const { writeReport } = await import('./incidents/report');
  const page = await writeReport(one, stage, report === true ? 'reports' : report);
  if (!json) say(`Report: ${page}`);
}

if (require.main === module) void asCommand(main);
