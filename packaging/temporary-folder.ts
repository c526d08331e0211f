import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Gives this process a folder for temporary files in the project, and removes it when the process ends: serverless-esbuild
 * copies every bundle into the system's at each packaging, and leaves it there.
 * @param root the project folder
 */
export function ownTemporaryFolder(root: string): void {
  mkdirSync(join(root, '.drill'), { recursive: true });
  const folder = mkdtempSync(join(root, '.drill', 'packaging-'));
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
