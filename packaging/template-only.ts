import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of serverless-esbuild that is used: where it puts what it zips, before it moves that to `.serverless`. */
export interface Zipper {
  workDirPath?: string;
}

/** The part of the framework's own packaging that is used: what it writes for a later deployment. */
export interface StateSaver {
  saveServiceState(): void;
}

/**
 * Gives each function a file in place of its bundle, and leaves out what a deployment would read: most of the work of
 * packaging, and none of the template.
 */
export function leaveOutCode(functions: Readonly<Record<string, object>>, zipper: Zipper, saver: StateSaver): void {
  const folder = join(zipper.workDirPath ?? '', '.serverless');
  mkdirSync(folder, { recursive: true });
  for (const [name, properties] of Object.entries(functions)) {
    const artifact = join(folder, `${name}.zip`);
    writeFileSync(artifact, name);
    // serverless-esbuild's own way to say that somebody else has made the artifact.
    Object.assign(properties, { skipEsbuild: true, package: { artifact } });
  }
  saver.saveServiceState = () => {};
}
