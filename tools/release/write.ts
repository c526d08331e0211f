import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { fixedParams, ReleasedParam } from '../../packaging/release-parameters';
import { parseStages, StageParamError } from '../../packaging/stages';
import { shippedOnly } from '../supply/sbom';
import { ReleaseMakingError } from './errors';
import { type Defaults, packageProbe, probes } from './probe';
import type { Fields } from './stable';
import { makeTemplate } from './template';

const root = join(__dirname, '..', '..');
const packageSchema = z.object({ version: z.string() });

/** Values of the params that are the same for everybody who deploys a release. */
export type Fixed = Partial<Record<keyof typeof fixedParams, string>>;

export interface Release {
  version: string;
  template: Fields;
  /** Content by path. */
  files: Map<string, Buffer | string>;
}

/**
 * Makes a release without writing it: template, bundles, bill of materials, checksums.
 * @throws ReleaseMakingError, also for a fixed value that no stage may have
 */
export async function makeRelease(fixed: Fixed = {}): Promise<Release> {
  const stages = parse(await readFile(join(root, 'resources', 'stages.yml'), 'utf8')) as { default: Defaults };
  const defaults = { ...stages.default, ...fixed } as Defaults as Record<ReleasedParam, unknown>;
  checkParams(defaults);
  const { version } = packageSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const first = await packageProbe(probes[0], defaults, 'package');
  const second = await packageProbe(probes[1], defaults, 'template');
  const bundles = new Map([...first.zips].map(([zip, content]) => [zip, bundleOf(zip, content)]));
  const template = makeTemplate({
    packaged: [first.template, second.template],
    defaults,
    version,
    bundleOf: (zip) => bundles.get(zip)!,
  });
  const files = new Map<string, Buffer | string>([
    ['template.json', JSON.stringify(template)],
    ...[...first.zips].map(([zip, content]) => [`bundles/${bundles.get(zip)!.file}`, content] as [string, Buffer]),
    ['sbom.json', billOfMaterials(await readFile(join(root, 'package-lock.json'), 'utf8'))],
    ['LICENSE', await readFile(join(root, 'LICENSE'))],
  ]);
  files.set('SHA256SUMS', [...files].map(([path, content]) => `${hash(content, 'hex')}  ${path}\n`).join(''));
  return { version, template, files };
}

function checkParams(defaults: Defaults): void {
  try {
    parseStages({ default: defaults, release: {} }, 'release');
  } catch (cause) {
    if (!(cause instanceof StageParamError)) throw cause;
    throw new ReleaseMakingError(cause.message, { cause });
  }
}

/** Another content has another name, so that an update of the stack sees it. */
function bundleOf(zip: string, content: Buffer) {
  return { file: zip.replace(/\.zip$/, `-${hash(content, 'hex').slice(0, 16)}.zip`), sha256: hash(content, 'base64') };
}

const hash = (content: Buffer | string, form: 'hex' | 'base64') => createHash('sha256').update(content).digest(form);

function billOfMaterials(lock: string): string {
  const bill = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.stringify(shippedOnly(bill, lock), undefined, 2);
}

/**
 * Writes a release into a folder that is empty or not there yet: a file of an earlier one would not be in its checksums.
 * @throws ReleaseMakingError when there is something in it
 */
export async function writeRelease({ files }: Release, folder: string): Promise<void> {
  await requireEmpty(folder);
  await mkdir(join(folder, 'bundles'), { recursive: true });
  for (const [path, content] of files) await writeFile(join(folder, path), content);
}

export async function requireEmpty(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new ReleaseMakingError(`${folder} cannot be read: ${error.message}`, { cause: error });
  });
  if (there.length > 0) throw new ReleaseMakingError(`${folder} is not empty: name a new folder with --out.`);
}
