import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type StdinOptions } from 'esbuild';
import { parse } from 'yaml';

const root = join(__dirname, '..', '..');

/** A bundle as it would be deployed, with what it is made of. */
export interface Bundle {
  text: string;
  bytes: number;
  /** Bytes that each source file leaves in the bundle; files that leave none are not there. */
  parts: Map<string, number>;
}

/** What the plugin takes for itself and esbuild does not know. */
const ofPlugin = ['exclude', 'concurrency', 'skipRebuild'];

/** The bundling options that serverless.yml gives its esbuild plugin, so that what is measured is what is deployed. */
function bundling(): BuildOptions {
  const customTags = ['!Ref', '!GetAtt', '!Sub'].map((tag) => ({ tag, resolve: (text: string) => text }));
  const { custom } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'), { customTags, merge: true });
  return Object.fromEntries(Object.entries(custom.esbuild).filter(([name]) => !ofPlugin.includes(name)));
}

/** Bundles the code of a `Handler` property, e.g. `functions/instance/stop-instance.handler`. */
export const bundle = (handler: string): Promise<Bundle> =>
  bundled({ entryPoints: [handler.replace(/\.handler$/, '.ts')] });

/** Bundles a few lines of TypeScript in the same way; their imports are relative to the repository. */
export const bundleText = (contents: string): Promise<Bundle> =>
  bundled({ stdin: { contents, resolveDir: root, loader: 'ts' } satisfies StdinOptions });

async function bundled(input: BuildOptions): Promise<Bundle> {
  const built = await build({
    ...bundling(),
    ...input,
    absWorkingDir: root,
    write: false,
    metafile: true,
    logLevel: 'silent',
    outfile: 'x.js',
  });
  const { text } = built.outputFiles![0]!;
  const inputs = Object.entries(built.metafile!.outputs['x.js']!.inputs);
  const parts = new Map(inputs.flatMap(([file, { bytesInOutput }]) => (bytesInOutput ? [[file, bytesInOutput]] : [])));
  return { text, bytes: Buffer.byteLength(text), parts };
}
