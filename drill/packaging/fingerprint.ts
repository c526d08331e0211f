import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The inputs of the packaged template, without the functions' code, because a drill runs that from source. */
const single = ['serverless.yml', 'package-lock.json'];
const folders = ['statemachines', 'resources', 'packaging'];

/** A hash of every file that goes into a project's packaged template. */
export async function fingerprintOf(root: string, stage: string): Promise<string> {
  const hash = createHash('sha256').update(stage);
  for (const file of await inputsOf(root)) {
    hash.update(`\0${file}\0`).update(await readFile(join(root, file)));
  }
  return hash.digest('hex');
}

async function inputsOf(root: string): Promise<string[]> {
  const found = await Promise.all([...folders.map((folder) => filesIn(root, folder)), functionFiles(root)]);
  return [...single, ...found.flat()].sort();
}

async function functionFiles(root: string): Promise<string[]> {
  const files = await filesIn(root, 'functions');
  return files.filter((file) => file.endsWith('.yml'));
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch((error) => {
    // A project without the folder has no inputs there.
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const base = join(root, '/');
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(base.length));
}
