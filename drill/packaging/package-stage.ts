import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PlaybookError } from '../../functions/shared/errors';
import { frozen } from '../stack/frozen';
import { parseTemplate, type Template } from '../stack/template';
import { fingerprintOf } from './fingerprint';
import { withLock } from './lock';

/** `serverless template` failed; the message holds what it said. */
export class PackagingError extends PlaybookError {}

export interface PackagingOptions {
  /** The project's folder. */
  root?: string;
  /** Told when the template has to be made, which takes some seconds. */
  onPackaging?: (() => void) | undefined;
  /** Makes `.serverless/` for a stage; only a test needs another way. */
  packageService?: (root: string, stage: string) => Promise<void>;
}

const projectRoot = join(__dirname, '..', '..');
/** The template's name among what the Serverless Framework leaves in `.serverless/`. */
export const templateFile = 'cloudformation-template-update-stack.json';

/**
 * The CloudFormation template that `serverless package` makes for a stage: what would be deployed, but for the names
 * of the code's versions, since the code itself is not bundled.
 * Kept under `.drill/packages/` and made again only when an input has changed. Two processes may ask at once.
 * It is frozen: who asks again is given the same one, so change a copy.
 * @throws PackagingError with what the Serverless Framework said
 */
export async function packageStage(stage: string, options: PackagingOptions = {}): Promise<Template> {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(stage)) throw new PackagingError(`"${stage}" is no name of a stage.`);
  const { root = projectRoot, packageService = runServerless, onPackaging } = options;
  const folder = join(root, '.drill', 'packages');
  const kept = join(folder, `${stage}.json`);
  const fingerprint = await fingerprintOf(root, stage);
  if (await isCurrent(folder, stage, fingerprint)) return readTemplate(kept, fingerprint);
  await withLock(join(folder, '.lock'), async () => {
    if (await isCurrent(folder, stage, fingerprint)) return;
    onPackaging?.();
    await packageService(root, stage);
    await mkdir(folder, { recursive: true });
    // Renaming is atomic: whoever reads without the lock sees the old file or the new one, never half of it.
    await copyFile(join(root, '.serverless', templateFile), `${kept}.new`);
    await rename(`${kept}.new`, kept);
    // What lies beside the template lacks its libraries: nobody shall deploy it.
    await rm(join(root, '.serverless'), { recursive: true });
    await writeFile(join(folder, `${stage}.fingerprint.new`), fingerprint);
    await rename(join(folder, `${stage}.fingerprint.new`), join(folder, `${stage}.fingerprint`));
  });
  return readTemplate(kept, fingerprint);
}

async function isCurrent(folder: string, stage: string, fingerprint: string): Promise<boolean> {
  const kept = await readFile(join(folder, `${stage}.fingerprint`), 'utf8').catch(() => undefined);
  return kept === fingerprint;
}

/** Templates by their file: the last one that was read of each, and of which inputs it was made. */
const read = new Map<string, { fingerprint: string; template: Template }>();

async function readTemplate(file: string, fingerprint: string): Promise<Template> {
  const known = read.get(file);
  if (known?.fingerprint === fingerprint) return known.template;
  const template = frozen(parseTemplate(await readFile(file, 'utf8'), file));
  read.set(file, { fingerprint, template });
  return template;
}

async function runServerless(root: string, stage: string): Promise<void> {
  const require = createRequire(join(root, 'package.json'));
  const command = require.resolve('serverless/bin/serverless.js');
  try {
    await promisify(execFile)(process.execPath, [command, 'template', '--stage', stage], {
      cwd: root,
      env: plainEnvironment(),
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new PackagingError(`serverless template --stage ${stage} failed:\n${stderr}${stdout}`, { cause });
  }
}

/** Packaging asks AWS nothing, so it gets no credentials; and it is no part of a test run. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|JEST_|NODE_OPTIONS$|NODE_ENV$)/.test(name));
  return { ...Object.fromEntries(kept), SLS_TELEMETRY_DISABLED: '1' };
}
