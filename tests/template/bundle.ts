import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';

const root = join(__dirname, '..', '..');

/** The bundling options that serverless.yml gives its esbuild plugin, so that what is measured is what is deployed. */
function bundling() {
  const customTags = ['!Ref', '!GetAtt', '!Sub'].map((tag) => ({ tag, resolve: (text: string) => text }));
  const { custom } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'), { customTags, merge: true });
  const { exclude: _exclude, ...options } = custom.esbuild;
  return options;
}

/** Bundles the code of a `Handler` property as it would be deployed. */
export async function bundle(handler: string): Promise<string> {
  const entry = handler.replace(/\.handler$/, '.ts');
  const built = await build({
    ...bundling(),
    absWorkingDir: root,
    entryPoints: [entry],
    write: false,
    logLevel: 'silent',
    outfile: 'x.js',
  });
  return built.outputFiles![0]!.text;
}
