import { Command } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { cleanFor, paintFor } from '../drill/render/paint';
import { toJson } from '../drill/render/shown';
import { wrapFor } from '../drill/render/wrap';

interface Options {
  stage: string;
  json?: boolean;
}

const program = endingWithTwo(new Command('doctor'))
  .description('Says whether a stage can be deployed, and whether a deployed one can work. Changes nothing.')
  .requiredOption('--stage <stage>', 'the stage, for example dev')
  .option('--json', 'print only JSON')
  .addHelpText(
    'after',
    `
Each line is ok, warn, fail or not asked, with what to do.

Exit codes:
  0    nothing failed
  1    a line failed
  2    invalid usage`,
  );

async function main(): Promise<void> {
  const { stage, json } = program.parse().opts<Options>();
  const { accountClients } = await import('./doctor/clients');
  const { hasFailed } = await import('./doctor/line');
  const { reportLines } = await import('./doctor/lines');
  const { examine } = await import('./doctor/run');
  const report = await examine(stage, accountClients(), new Date());
  const clean = cleanFor(process.stdout);
  const wrap = await wrapFor(json ? {} : process.stdout);
  const title = `Stage ${stage} at ${report.at}`;
  const lines = json
    ? [toJson(report)]
    : reportLines(title, report.lines, paintFor(process.stdout)).map((line) => wrap(clean(line)));
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (hasFailed(report.lines)) process.exitCode = 1;
}

if (require.main === module) void asCommand(main);
