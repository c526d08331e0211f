import { Command, InvalidArgumentError } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { cleanFor, paintFor } from '../drill/render/paint';
import { toJson } from '../drill/render/shown';
import { wrapFor } from '../drill/render/wrap';
import type { Aim } from './releases/plan';

interface Options {
  stage: string;
  playbook: string[];
  to?: Aim;
  yes?: boolean;
  json?: boolean;
}

function aimOf(text: string): Aim {
  if (text === 'previous' || text === 'newest') return text;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('expected a version number, "previous" or "newest".');
  return Number(text);
}

const program = endingWithTwo(new Command('releases'))
  .description(
    'Lists the versions of each machine of a stage and what its alias starts, or moves the alias back and forward.',
  )
  .requiredOption('--stage <stage>', 'the stage, for example dev')
  .option('--playbook <name>', 'only this one; may be repeated', (name: string, all: string[]) => [...all, name], [])
  .option('--to <version>', 'move the alias to this version, to the "previous" or to the "newest" one', aimOf)
  .option('--yes', 'move also to a version that makes changes (mode act) where none were made')
  .option('--json', 'print only JSON');

async function main(): Promise<void> {
  const { stage, playbook, to, yes, json } = program.parse().opts<Options>();
  const [{ LambdaClient }, { SFNClient }, { IAMClient }] = await Promise.all([
    import('@aws-sdk/client-lambda'),
    import('@aws-sdk/client-sfn'),
    import('@aws-sdk/client-iam'),
  ]);
  const { readReleases } = await import('./releases/read');
  const { releaseLines } = await import('./releases/lines');
  const clean = cleanFor(process.stdout);
  const wrap = await wrapFor(json ? {} : process.stdout);
  const say = (line: string) => process.stdout.write(`${json ? line : wrap(clean(line))}\n`);
  const clients = { sfn: new SFNClient({}), lambda: new LambdaClient({}), iam: new IAMClient({}) };
  if (to !== undefined) {
    const { release } = await import('./releases/release');
    await release(await readReleases(clients.sfn, stage, playbook), to, { clients, yes, say: json ? () => {} : say });
  }
  const releases = await readReleases(clients.sfn, stage, playbook);
  for (const line of json ? [toJson(releases)] : releaseLines(stage, releases, paintFor(process.stdout))) say(line);
}

if (require.main === module) void asCommand(main);
