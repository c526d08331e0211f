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
    'Stops every change of a stage at once, or lets it act again. Executions under way see it at their next change.',
  )
  .requiredOption('--stage <stage>', 'the stage, for example prod')
  .option('--on', 'no more changes')
  .option('--off', 'changes are allowed again')
  .option('--reason <text>', 'why, as it will stand in each skipped incident')
  .option('--by <name>', 'who', process.env.USER ?? 'somebody');

async function main(): Promise<void> {
  const options = program.parse().opts<Options>();
  if (options.on === options.off) program.error('say either --on or --off', { exitCode: 2 });
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const TableName = `incident-playbooks-${options.stage}-incidents`;
  const put = new PutCommand({ TableName, Item: killSwitchItem(options, new Date()) });
  await askStage(`The kill switch of ${options.stage} was NOT changed`, () => table.send(put));
  console.log(`The kill switch of ${options.stage} is ${options.on ? 'on: nothing is changed any more' : 'off'}.`);
}

if (require.main === module) void asCommand(main);
