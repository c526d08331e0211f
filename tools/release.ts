import { resolve } from 'node:path';
import { Command } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';

interface Options {
  out: string;
  optInTag?: string;
  protectedTag?: string;
}

const program = endingWithTwo(new Command('release'))
  .description(
    'Makes a release in a folder, without publishing it: CloudFormation template, bundles, checksums and SBOM.',
  )
  .requiredOption('--out <folder>', 'an empty folder, or a new one')
  .option('--opt-in-tag <key>', 'another opt-in tag than that of resources/stages.yml: a release has one for everybody')
  .option('--protected-tag <key>', 'another protection tag');

async function main(): Promise<void> {
  const { out, ...fixed } = program.parse().opts<Options>();
  const folder = resolve(out);
  const { makeRelease, requireEmpty, writeRelease } = await import('./release/write');
  const { ReleaseMakingError } = await import('./release/errors');
  await requireEmpty(folder);
  console.log('Packaging, for about a minute …');
  const release = await makeRelease(fixed);
  console.log('Checking the template …');
  const { findErrors } = await import('./release/check');
  const errors = findErrors(release.template);
  if (errors.length > 0) throw new ReleaseMakingError(`The template is not valid:\n${errors.join('\n')}`);
  await writeRelease(release, folder);
  console.log(
    `incident-playbooks ${release.version}: ${release.files.size} files in ${folder}. Nothing was published.`,
  );
}

if (require.main === module) void asCommand(main);
