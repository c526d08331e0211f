import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BuildOptions, build, type StdinOptions } from 'esbuild';
import { parse } from 'yaml';
import { buildOptionsOf } from '../../packaging/bundle-groups';

const root = join(__dirname, '..', '..');
/** Where bundles would be written: nothing is. */
const outdir = 'bundles';

/** A bundle as it would be deployed, with what it is made of. */
export interface Bundle {
  text: string;
  bytes: number;
  /** Bytes that each source file leaves in the bundle; files that leave none are not there. */
  parts: Map<string, number>;
}

/** The bundling options that serverless.yml gives its esbuild plugin, so that what is measured is what is deployed. */
function bundling(): BuildOptions {
  const customTags = ['!Ref', '!GetAtt', '!Sub'].map((tag) => ({ tag, resolve: (text: string) => text }));
  const { custom } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'), { customTags, merge: true });
  return buildOptionsOf(custom.esbuild);
}

/**
 * Bundles the code of `Handler` properties, e.g. `functions/instance/stop-instance.handler`, each for itself, in one go:
 * what many of them hold is parsed once.
 * @returns by handler, in the order given
 */
export async function bundleAll(handlers: readonly string[]): Promise<Map<string, Bundle>> {
  const entryPoints = Object.fromEntries(handlers.map((handler) => [handler, handler.replace(/\.handler$/, '.ts')]));
  const built = await bundled({ entryPoints });
  return new Map(handlers.map((handler) => [handler, built.get(`${handler}.js`)!]));
}

/** Bundles a few lines of TypeScript in the same way; their imports are relative to the repository. */
export async function bundleText(contents: string): Promise<Bundle> {
  const built = await bundled({ stdin: { contents, resolveDir: root, loader: 'ts' } satisfies StdinOptions });
  return built.get('stdin.js')!;
}

/** @returns by the name of the file that would be written */
async function bundled(input: BuildOptions): Promise<Map<string, Bundle>> {
  const built = await build({
    ...bundling(),
    ...input,
    absWorkingDir: root,
    write: false,
    metafile: true,
    logLevel: 'silent',
    outdir,
  });
  const outputs = Object.entries(built.metafile!.outputs).map(([path, { inputs }]): [string, Bundle] => {
    const { text } = built.outputFiles!.find((file) => file.path === join(root, path))!;
    const parts = Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput ? [[file, bytesInOutput] as [string, number]] : [],
    );
    return [relative(outdir, path), { text, bytes: Buffer.byteLength(text), parts: new Map(parts) }];
  });
  return new Map(outputs);
}
