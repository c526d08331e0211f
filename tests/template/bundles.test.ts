import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { packageStage } from '../../drill/packaging/package-stage';

const root = join(__dirname, '..', '..');

/** The bundling options that serverless.yml gives its esbuild plugin, so that what is measured is what is deployed. */
function bundling() {
  const getAtt = (tag: string) => ({ tag, resolve: (text: string) => text });
  const { custom } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'), {
    customTags: ['!Ref', '!GetAtt', '!Sub'].map(getAtt),
    merge: true,
  });
  const { exclude: _exclude, ...options } = custom.esbuild;
  return options;
}

test('every function is at most 1 MB unzipped, minified and tree-shaken', async () => {
  const { Resources } = await packageStage('dev');
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const handlers = functions.map(({ Properties }) => String(Properties?.Handler).replace(/\.handler$/, '.ts'));
  const sizes = await Promise.all(
    handlers.map(async (entry) => {
      const built = await build({
        ...bundling(),
        absWorkingDir: root,
        entryPoints: [entry],
        write: false,
        logLevel: 'silent',
        outfile: 'x.js',
      });
      return [entry, built.outputFiles![0]!.contents.byteLength] as const;
    }),
  );

  expect(sizes.length).toBeGreaterThan(15);
  expect(sizes.filter(([, bytes]) => bytes > 1_000_000)).toEqual([]);
}, 60_000);
