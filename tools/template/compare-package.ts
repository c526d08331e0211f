import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { packageStage, templateFile } from '../../drill/packaging/package-stage';
import { leaveOutUnnamed } from '../../packaging/leave-out';

/** A template as sorted text, with what names the code of a function left out: its key, its hash, the ids of versions. */
export function withoutCode(template: unknown): string {
  const sorted = (_key: string, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(template, sorted, 2)
    .replace(/("S3Key": ")serverless\/[^"]*\/([^"/]+")/g, '$1$2')
    .replace(/("CodeSha256": ")[^"]+/g, '$1')
    .replace(/(LambdaVersion|StateMachineVersion)[A-Za-z0-9]{20,}/g, '$1');
}

/** How what `serverless package` left in `.serverless/` differs from the template that drills take, less what only drills use of it; empty when it does not. */
export async function differencesFromPackage(root: string, stage: string): Promise<string> {
  const read = (file: string) => withoutCode(JSON.parse(readFileSync(join(root, file), 'utf8')));
  // First: making the drills' template takes away what was packaged.
  const packaged = read(join('.serverless', templateFile));
  await packageStage(stage, { root });
  const template = JSON.parse(readFileSync(join(root, '.drill', 'packages', `${stage}.json`), 'utf8'));
  leaveOutUnnamed(template);
  const drilled = withoutCode(template);
  return packaged === drilled ? '' : createTwoFilesPatch('serverless package', 'drills', packaged, drilled);
}

async function main(stage: string): Promise<void> {
  const differences = await differencesFromPackage(join(__dirname, '..', '..'), stage);
  if (differences) process.exitCode = 1;
  process.stdout.write(differences || `Drills of ${stage} take the template that was just packaged.\n`);
}

if (require.main === module) void main(process.argv[2] ?? 'dev');
