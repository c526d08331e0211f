import { Command } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { cleanFor, paintFor } from '../drill/render/paint';
import { toJson } from '../drill/render/shown';
import { wrapFor } from '../drill/render/wrap';
import { asAccount, asStage } from './arguments';

interface Options {
  stage: string;
  account?: string;
  json?: boolean;
}

const program = endingWithTwo(new Command('status'))
  .description(
    'Shows the current state of a stage: mode, kill switch, circuit breaker, storms, what is isolated or blocked, what is due. Changes nothing.',
  )
  .requiredOption('--stage <stage>', 'the stage, for example dev', asStage)
  .option('--account <id>', 'only this account, for a stage that looks after several', asAccount)
  .option('--json', 'print only JSON');

async function main(): Promise<void> {
  const { stage, account, json } = program.parse().opts<Options>();
  const { readStatus } = await import('./status/read');
  const { statusLines } = await import('./status/lines');
  const status = await readStatus(stage, new Date(), account);
  const clean = cleanFor(process.stdout);
  const wrap = await wrapFor(json ? {} : process.stdout);
  const lines = json
    ? [toJson(status)]
    : statusLines(status, paintFor(process.stdout)).map((line) => wrap(clean(line)));
  for (const line of lines) process.stdout.write(`${line}\n`);
}

if (require.main === module) void asCommand(main);
