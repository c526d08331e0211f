import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { shown } from '../drill/render/shown';
import { PlaybookError } from '../functions/shared/errors';
import { asStage } from './arguments';

/** The folder of the templates, or one of them, cannot be written. */
class SpokeFileError extends PlaybookError {}

interface Options {
  stage: string;
  out: string;
}

/** Source: CloudFormation user guide, "CloudFormation quotas": a template in the request itself, and in S3. */
const inRequest = 51_200;

const program = endingWithTwo(new Command('spoke'))
  .description(
    'Writes the CloudFormation templates of an account that a stage looks after besides its own. Asks AWS nothing.',
  )
  .requiredOption('--stage <stage>', 'the stage, for example dev', asStage)
  .option('--out <folder>', 'where the templates are written', 'spoke')
  .addHelpText(
    'after',
    `
roles.json   once an account, in one region: what the hub may do there
events.json  in each region of the stage, after the roles: what is forwarded to the hub

docs/accounts.md says how they are deployed: StackSets, a plain stack, Terraform or CDK.

Exit codes:
  0    the templates were written
  2    invalid usage, a stage that cannot be packaged, or a folder that cannot be written`,
  );

async function main(): Promise<void> {
  const { stage, out } = program.parse().opts<Options>();
  const { paramsOf } = await import('./doctor/project');
  const { spokeTemplates } = await import('../drill/packaging/spoke-templates');
  const { spokeAccounts, organizationId, spokeExternalId } = paramsOf(stage);
  // Before the packaging, which takes long, so that a wrong folder is reported at once.
  await mkdir(out, { recursive: true }).catch(refuse(out, 'cannot be created'));
  const onPackaging = () => process.stderr.write(`Packaging stage ${stage}, which takes some seconds.\n`);
  const templates = await spokeTemplates(stage, { organizationId, externalId: spokeExternalId }, { onPackaging });
  for (const [name, template] of Object.entries(templates)) {
    const file = join(out, `${name}.json`);
    const text = textOf(template);
    await writeFile(file, text).catch(refuse(file, 'cannot be written'));
    process.stdout.write(`${shown(file)}: ${sizeOf(text)}\n`);
  }
  process.stdout.write('docs/accounts.md says how they are deployed.\n');
  if (spokeAccounts === '')
    process.stderr.write(
      `Stage ${stage} has no spokeAccounts in resources/stages.yml: it acts in no other account before it names them (docs/accounts.md).\n`,
    );
}

const refuse = (file: string, failure: string) => (cause: NodeJS.ErrnoException) => {
  throw new SpokeFileError(`${file}: ${failure} (${cause.code ?? cause.message})`, { cause });
};

/** Indented where that leaves it short enough for a request. */
function textOf(template: object): string {
  const indented = `${JSON.stringify(template, null, 1)}\n`;
  return Buffer.byteLength(indented) <= inRequest ? indented : `${JSON.stringify(template)}\n`;
}

function sizeOf(text: string): string {
  const bytes = Buffer.byteLength(text);
  return `${bytes} bytes${bytes > inRequest ? `, more than ${inRequest}: deploy it from S3` : ''}`;
}

if (require.main === module) void asCommand(main);
