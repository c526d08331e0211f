import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf } from '../../drill/packaging/fingerprint';
import { differencesFromPackage } from '../../tools/template/compare-package';

const version = 'StopInstanceLambdaVersion2xo1jJ3SXQESgIYizAZWI6kHTbn51BLp4rEHpGZyY';
const template = (key: string, memory: number, first = version) => ({
  Resources: {
    StopInstanceLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: { Code: { S3Key: `serverless/x/dev/${key}/stopInstance.zip` }, MemorySize: memory },
    },
    [first]: { Type: 'AWS::Lambda::Version', Properties: { CodeSha256: `${key}=` } },
  },
});

/** A project in which one template was just packaged, and another is kept for drills. */
async function compare(packaged: object, drilled: object): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'compare-'));
  for (const folder of ['.serverless', '.drill/packages', 'functions', 'resources'])
    await mkdir(join(root, folder), { recursive: true });
  for (const file of ['serverless.yml', 'package-lock.json']) await writeFile(join(root, file), '');
  const write = (file: string, text: string) => writeFile(join(root, file), text);
  await write('.serverless/cloudformation-template-update-stack.json', JSON.stringify(packaged));
  await write('.drill/packages/dev.json', JSON.stringify(drilled));
  await write('.drill/packages/dev.fingerprint', await fingerprintOf(root, 'dev'));
  try {
    return await differencesFromPackage(root, 'dev');
  } finally {
    await rm(root, { recursive: true });
  }
}

test('templates that differ in the names of code alone are the same', async () => {
  const other = template('2', 512, version.replace('2xo1', 'xMJZ'));

  expect(await compare(template('1', 512), other)).toBe('');
});

test('any other difference is shown, with both sides', async () => {
  const shown = await compare(template('1', 512), template('1', 256));

  expect(shown).toContain('-        "MemorySize": 512');
  expect(shown).toContain('+        "MemorySize": 256');
});
