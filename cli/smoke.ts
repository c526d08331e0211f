import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { untilInterrupted, waitUnless } from '../drill/live/interrupt';
import { cleanFor, paintFor } from '../drill/render/paint';
import { toJson } from '../drill/render/shown';
import { wrapFor } from '../drill/render/wrap';

interface Options {
  stage: string;
  instance?: string;
  json?: boolean;
  page?: string;
  inActMode?: boolean;
  act?: boolean;
  clean?: boolean;
  subnet?: string;
  profile?: string;
  yes?: boolean;
}

const instanceId = (text: string): string => {
  if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(text))
    throw new InvalidArgumentError('It is an ID like i-0123456789abcdef0.');
  return text;
};

const program = endingWithTwo(new Command('smoke'))
  .description(
    'Proves a deployed stage: sets an alarm of an opted-in instance and follows it through rule, machine, record and notice. Changes nothing on the instance in observe mode; every alarm that it sets goes back.',
  )
  .requiredOption('--stage <stage>', 'the stage, for example dev')
  .option('--instance <id>', 'an opted-in instance; needed unless --act or --clean is given', instanceId)
  .option('--in-act-mode', 'run also if the stage acts: the alarm that is set may then restart the instance')
  .option('--act', 'in place of that: let every playbook act on a throwaway instance that is made and removed')
  .option('--subnet <id>', 'with --act: the subnet of the throwaway instance')
  .option('--profile <name>', 'with --act: an instance profile with which Systems Manager reaches it')
  .option('--yes', 'with --act: do not ask for confirmation')
  .option('--clean', 'remove what runs with --act have left, found by tag')
  .option('--page <file>', 'write the result as an HTML page')
  .option('--json', 'print only JSON')
  .addHelpText(
    'after',
    `
Each line is ok, failed or not asked, with what to do. A run takes about fifteen minutes and sends a few notices.

Exit codes:
  0    the way from the alarm to the notice is proven, and nothing failed
  1    a line failed, or part of that way could not be asked
  2    invalid usage, or nothing was set: no credentials, no stage, act mode
  130  stopped by Ctrl-C; what was set is put back`,
  );

/** What the options say to do; a mistake in them ends with 2 before anything is loaded. */
function parsed(): Options & { instance: string } {
  const options = program.parse().opts<Options>();
  const { act, clean, instance, subnet } = options;
  const wrong = (message: string) => program.error(`error: ${message}`, { exitCode: 2 });
  if (act && clean) wrong('pass either --act or --clean');
  if (act && subnet === undefined) wrong('--act needs --subnet: where the throwaway instance is made');
  if (!act && !clean && instance === undefined) wrong("required option '--instance <id>' not specified");
  return { ...options, instance: instance ?? '' };
}

/** The part with the throwaway instance; with --json, what a person has to know goes to standard error. */
async function throwaway({ json, ...options }: Options): Promise<void> {
  const { act, cleanUp } = await import('./act/command');
  const stream = json ? process.stderr : process.stdout;
  const [clean, wrap] = [cleanFor(stream), await wrapFor(json ? {} : stream)];
  const say = (line: string) => void stream.write(`${wrap(clean(line))}\n`);
  const { report, code } = await (options.clean ? cleanUp : act)({ ...options, say, paint: paintFor(stream) });
  if (json) process.stdout.write(`${toJson(report)}\n`);
  process.exitCode = code;
}

async function main(): Promise<void> {
  const given = parsed();
  if (given.act || given.clean) return throwaway(given);
  const { json, page, ...options } = given;
  const { accountClients } = await import('./doctor/clients');
  const { headLine, oneLine, totals } = await import('./smoke/lines');
  const { smokePage } = await import('./smoke/page');
  const { prepare } = await import('./smoke/prepare');
  const { exitCodeOf, smokeRun } = await import('./smoke/run');
  const clean = cleanFor(process.stdout);
  const wrap = await wrapFor(json ? {} : process.stdout);
  const paint = paintFor(process.stdout);
  const say = (line: string) => void (json || process.stdout.write(`${wrap(clean(line))}\n`));
  await untilInterrupted(async (signal) => {
    const clock = { now: () => new Date(), wait: waitUnless, signal };
    const smoke = await prepare(options, accountClients(), clock, randomBytes(6).toString('hex'));
    say(headLine(smoke, paint));
    const report = await smokeRun(smoke, (line) => {
      for (const text of oneLine(line, paint)) say(text);
    });
    say(totals(report));
    if (json) process.stdout.write(`${toJson(report)}\n`);
    if (page !== undefined) {
      await writeFile(page, smokePage(report));
      say(`Page: ${page}`);
    }
    process.exitCode = exitCodeOf(report);
  });
}

if (require.main === module) void asCommand(main);
