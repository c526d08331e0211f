import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Command } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { shown } from '../drill/render/shown';
import { killSwitchKey } from '../functions/guard/kill-switch-key';
import { asStage } from './arguments';
import { askStage } from './ask-stage';

interface Options {
  stage: string;
  on?: boolean;
  off?: boolean;
  reason: string;
  by?: string;
}

/** The item that the guard reads before every change. */
export function killSwitchItem(
  { on, reason, by }: { stage: string; on?: boolean; reason: string; by: string },
  now: Date,
): Record<string, unknown> {
  return { ...killSwitchKey, on: on === true, by, at: now.toISOString(), reason };
}

/**
 * Who calls, as AWS knows it: the ARN of the user or of the role with its session. In an emergency the switch matters
 * more than the name, so one that AWS does not confirm is written down as just that.
 */
async function whoCalls(claimed: string | undefined): Promise<string> {
  try {
    const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
    if (Arn) return claimed === undefined ? Arn : `${Arn}, for ${claimed}`;
  } catch (error) {
    process.stderr.write(`AWS did not confirm who you are: ${shown((error as Error).message)}\n`);
  }
  return `${claimed ?? process.env.USER ?? 'unknown'} (not verified)`;
}

const program = endingWithTwo(new Command('kill-switch'))
  .description(
    'Stops all changes of a stage at once, or allows them again. Running executions see it before their next change.',
  )
  .requiredOption('--stage <stage>', 'the stage, for example prod', asStage)
  .option('--on', 'stop all changes')
  .option('--off', 'allow changes again')
  .requiredOption('--reason <text>', 'the reason, shown in each skipped incident')
  .option('--by <name>', 'on whose behalf; who it was is what AWS says of your credentials');

async function main(): Promise<void> {
  const options = program.parse().opts<Options>();
  if (options.on === options.off) program.error('pass either --on or --off', { exitCode: 2 });
  if (options.reason.trim() === '') program.error('--reason must say why', { exitCode: 2 });
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const TableName = `incident-playbooks-${options.stage}-incidents`;
  const turn = async () => {
    await table.config.credentials();
    const Item = killSwitchItem({ ...options, by: await whoCalls(options.by) }, new Date());
    await table.send(new PutCommand({ TableName, Item }));
  };
  await askStage(`The kill switch of ${options.stage} was NOT changed`, turn);
  console.log(`The kill switch of ${options.stage} is ${options.on ? 'on: nothing will be changed' : 'off'}.`);
}

if (require.main === module) void asCommand(main);
