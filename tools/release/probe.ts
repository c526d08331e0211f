import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../../drill/packaging/lock';
import { templateFile } from '../../drill/packaging/package-stage';
import { type ReleasedParam, releaseParameters } from '../../packaging/release-parameters';
import { ReleaseMakingError } from './errors';

/** A stage that is packaged only to find out where its values are. */
export interface Probe {
  stage: string;
  region: string;
  values: Record<ReleasedParam, string | number>;
}

const valuesOf = (index: 0 | 1) =>
  Object.fromEntries(
    Object.entries(releaseParameters).map(([name, { probes }]) => [name, probes[index]]),
  ) as Probe['values'];

/** Two stages of which each value, name and region differs; what is equal in both is the same for everybody. */
export const probes: readonly [Probe, Probe] = [
  { stage: 'alphastage', region: 'us-east-1', values: valuesOf(0) },
  { stage: 'betastage', region: 'eu-west-1', values: valuesOf(1) },
];

/** The params of a stage that sets none: their values are a release's defaults, and those that are fixed are so for everybody. */
export type Defaults = Readonly<Record<string, unknown>>;

export interface PackagedProbe {
  template: Record<string, unknown>;
  /** The functions' bundles, by the name of the file; empty for a template alone. */
  zips: Map<string, Buffer>;
}

const root = join(__dirname, '..', '..');

/**
 * Packages a probe as `serverless deploy` would. Nobody else packages meanwhile: all do so in one folder.
 * @param command package for all, template for the template alone, in an eighth of the time
 * @throws ReleaseMakingError with what the Serverless Framework said
 */
export async function packageProbe(
  { stage, region, values }: Probe,
  defaults: Defaults,
  command: 'package' | 'template',
): Promise<PackagedProbe> {
  const folder = join(root, '.drill', 'release');
  const file = join('.drill', 'release', `${stage}.json`);
  const packaged = join(root, '.serverless');
  return withLock(join(root, '.drill', 'packages', '.lock'), async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(root, file),
      JSON.stringify({ default: { ...defaults, ...typed(values, defaults) }, [stage]: {} }),
    );
    await rm(packaged, { recursive: true, force: true });
    await serverless([command, '--stage', stage, '--region', region], file);
    const template = JSON.parse(await readFile(join(packaged, templateFile), 'utf8'));
    const zips = command === 'package' ? await zipsOf(template, packaged) : new Map<string, Buffer>();
    await rm(packaged, { recursive: true });
    return { template, zips };
  });
}

/** Params for environment variables are written as text, and some have to be numbers. */
const typed = (values: Probe['values'], defaults: Defaults) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof defaults[name] === 'number' ? value : String(value)]),
  );

async function serverless(args: string[], stagesFile: string): Promise<void> {
  const command = createRequire(join(root, 'package.json')).resolve('serverless/bin/serverless.js');
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|JEST_|NODE_OPTIONS$|NODE_ENV$)/.test(name));
  const env = { ...Object.fromEntries(kept), SLS_TELEMETRY_DISABLED: '1', STAGES_FILE: stagesFile };
  try {
    await promisify(execFile)(process.execPath, [command, ...args], { cwd: root, env, maxBuffer: 100_000_000 });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new ReleaseMakingError(`serverless ${args.join(' ')} failed:\n${stderr}${stdout}`, { cause });
  }
}

type Functions = Record<string, { Type: string; Properties: { Code: { S3Key: string } } }>;

async function zipsOf({ Resources }: { Resources: Functions }, folder: string): Promise<Map<string, Buffer>> {
  const files = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties.Code.S3Key.split('/').at(-1)!);
  const zips = new Map<string, Buffer>();
  for (const file of files) zips.set(file, await readFile(join(folder, file)));
  return zips;
}
