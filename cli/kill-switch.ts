import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Command } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { killSwitchKey } from '../functions/guard/kill-switch-key';
import { askStage } from './ask-stage';

interface Options {
  stage: string;
  on?: boolean;
  off?: boolean;
  reason?: string;
  by: string;
}

/** The item that the guard reads before every change. */
export function killSwitchItem({ on, reason, by }: Options, now: Date): Record<string, unknown> {
  return { ...killSwitchKey, on: on === true, by, at: now.toISOString(), ...(reason ? { reason } : {}) };
}

const program = endingWithTwo(new Command('kill-switch'))
  .description(
    'Stops all changes of a stage at once, or allows them again. Running executions see it before their next change.',
  )
  .requiredOption('--stage <stage>', 'the stage, for example prod')
  .option('--on', 'stop all changes')
  .option('--off', 'allow changes again')
  .option('--reason <text>', 'the reason, shown in each skipped incident')
  .option('--by <name>', 'who turned it on or off', process.env.USER ?? 'unknown');

async function main(): Promise<void> {
  const options = program.parse().opts<Options>();
  if (options.on === options.off) program.error('pass either --on or --off', { exitCode: 2 });
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const TableName = `incident-playbooks-${options.stage}-incidents`;
  const put = new PutCommand({ TableName, Item: killSwitchItem(options, new Date()) });
  await askStage(`The kill switch of ${options.stage} was NOT changed`, () => table.send(put));
  console.log(`The kill switch of ${options.stage} is ${options.on ? 'on: nothing will be changed' : 'off'}.`);
}

if (require.main === module) void asCommand(main);
