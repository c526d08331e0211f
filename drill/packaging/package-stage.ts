import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PlaybookError } from '../../functions/shared/errors';
import { frozen } from '../stack/frozen';
import { parseTemplate, type Template } from '../stack/template';
import { fingerprintOf } from './fingerprint';
import { withLock } from './lock';

/** `serverless template` failed; the message contains its output. */
export class PackagingError extends PlaybookError {}

export interface PackagingOptions {
  /** The project folder. */
  root?: string;
  /** Called when the template must be created, which takes some seconds. */
  onPackaging?: (() => void) | undefined;
  /** The region to package for; otherwise the one in serverless.yml. */
  region?: string;
  /** Params that differ from the stage's, as on the command line. */
  params?: Readonly<Record<string, string>>;
  /** Creates `.serverless/` for a stage; only tests use another way. */
  packageService?: (root: string, stage: string, region?: string, params?: PackagingOptions['params']) => Promise<void>;
}

const projectRoot = join(__dirname, '..', '..');
/** The template's file name in `.serverless/`. */
export const templateFile = 'cloudformation-template-update-stack.json';

/**
 * The CloudFormation template that `serverless package` creates for a stage: what would be deployed, except for the names
 * of the code's versions, because the code itself is not bundled.
 * Cached in `.drill/packages/` and created again only when an input has changed. Safe for concurrent processes.
 * It is frozen: every caller receives the same object, so change a copy.
 * @throws PackagingError with the output of the Serverless Framework
 */
export async function packageStage(stage: string, options: PackagingOptions = {}): Promise<Template> {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(stage)) throw new PackagingError(`"${stage}" is not a valid stage name.`);
  const { root = projectRoot, packageService = runServerless, onPackaging, region, params } = options;
  const folder = join(root, '.drill', 'packages');
  const name = packageNameOf(stage, options);
  const kept = join(folder, `${name}.json`);
  const fingerprint = await fingerprintOf(root, name);
  if (await isCurrent(folder, name, fingerprint)) return readTemplate(kept, fingerprint);
  await withLock(join(folder, '.lock'), async () => {
    if (await isCurrent(folder, name, fingerprint)) return;
    onPackaging?.();
    await packageService(root, stage, region, params);
    await mkdir(folder, { recursive: true });
    // Renaming is atomic: a reader without the lock sees the old file or the new one, never a partial one.
    await copyFile(join(root, '.serverless', templateFile), `${kept}.new`);
    await rename(`${kept}.new`, kept);
    // The other files only stand for bundles, so nobody must deploy them.
    await rm(join(root, '.serverless'), { recursive: true });
    await writeFile(join(folder, `${name}.fingerprint.new`), fingerprint);
    await rename(join(folder, `${name}.fingerprint.new`), join(folder, `${name}.fingerprint`));
  });
  return readTemplate(kept, fingerprint);
}

async function isCurrent(folder: string, name: string, fingerprint: string): Promise<boolean> {
  const kept = await readFile(join(folder, `${name}.fingerprint`), 'utf8').catch(() => undefined);
  return kept === fingerprint;
}

/** Templates by file: the last one read of each, with its inputs. */
const read = new Map<string, { fingerprint: string; template: Template }>();

async function readTemplate(file: string, fingerprint: string): Promise<Template> {
  const known = read.get(file);
  if (known?.fingerprint === fingerprint) return known.template;
  const template = frozen(parseTemplate(await readFile(file, 'utf8'), file));
  read.set(file, { fingerprint, template });
  return template;
}

/** The name of a stage's file in `.drill/packages/`, without its ending. */
export const packageNameOf = (stage: string, { region, params }: Pick<PackagingOptions, 'region' | 'params'>): string =>
  [stage, ...(region ? [region] : []), ...(params ? [shortHash(params)] : [])].join('.');

const shortHash = (params: object) => createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 12);

async function runServerless(
  root: string,
  stage: string,
  region?: string,
  params: PackagingOptions['params'] = {},
): Promise<void> {
  const require = createRequire(join(root, 'package.json'));
  const command = require.resolve('serverless/bin/serverless.js');
  const place = region ? ['--region', region] : [];
  const given = Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  try {
    await promisify(execFile)(process.execPath, [command, 'template', '--stage', stage, ...place, ...given], {
      cwd: root,
      env: plainEnvironment(),
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new PackagingError(`serverless template --stage ${stage} failed:\n${stderr}${stdout}`, { cause });
  }
}

/** Packaging makes no AWS calls, so it gets no credentials, and it is not part of a test run. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|JEST_|NODE_OPTIONS$|NODE_ENV$)/.test(name));
  return { ...Object.fromEntries(kept), SLS_TELEMETRY_DISABLED: '1' };
}
