import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Bundler, buildInGroups } from '../../packaging/bundle-groups';

const Esbuild = require('serverless-esbuild');
const names = Array.from({ length: 30 }, (_, index) => `step${index}`);
const options = { bundle: true, minify: true, platform: 'node', exclude: [], concurrency: 2, skipRebuild: true };

const project = process.cwd();
let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bundles-')));
  mkdirSync(join(root, 'functions'));
  // As the Serverless Framework does.
  process.chdir(root);
  writeFileSync(join(root, 'functions/shared.ts'), 'export const twice = (count: number) => count * 2;\n');
  for (const [index, name] of names.entries()) write(name, `exports.handler = () => twice(${index});`);
});
afterEach(() => {
  process.chdir(project);
  rmSync(root, { recursive: true });
});

const write = (name: string, text: string) =>
  writeFileSync(join(root, `functions/${name}.ts`), `import { twice } from './shared';\n${text}\n`);

/** serverless-esbuild itself, for 30 functions, two of which have one file. */
async function bundler() {
  const functions = Object.fromEntries(names.map((name) => [name, { handler: `functions/${name}.handler` }]));
  functions.other = { handler: 'functions/step0.other' };
  const provider = { name: 'aws', runtime: 'nodejs24.x' };
  const serverless = {
    config: { serviceDir: root },
    configSchemaHandler: { defineFunctionProperties: () => {} },
    service: { provider, functions, package: {}, custom: { esbuild: { ...options, absWorkingDir: root } } },
  };
  const plugin = new Esbuild(serverless, {}, { log: { verbose: () => {} } });
  await plugin.hooks.initialize();
  return { plugin: plugin as Bundler & { bundle(): Promise<void>; buildDirPath: string }, serverless };
}

test('serverless-esbuild makes a few builds, and its bundles are those of a build for each', async () => {
  const { plugin, serverless } = await bundler();
  const run = jest.fn(build);

  buildInGroups(plugin, serverless.service.custom.esbuild, run as unknown as typeof build);
  await plugin.bundle();

  expect(run).toHaveBeenCalledTimes(3);
  const { exclude, concurrency, skipRebuild, ...ofEsbuild } = options;
  for (const name of names) {
    const entryPoints = [`functions/${name}.ts`];
    const alone = await build({
      ...ofEsbuild,
      platform: 'node',
      entryPoints,
      absWorkingDir: root,
      write: false,
      outdir: '.',
    });
    expect(readFileSync(join(plugin.buildDirPath, `functions/${name}.js`), 'utf8')).toBe(alone.outputFiles[0]!.text);
  }
});

test('a step that cannot be bundled stops the packaging, named', async () => {
  write('step7', "import './nowhere';");
  const { plugin, serverless } = await bundler();

  buildInGroups(plugin, { ...serverless.service.custom.esbuild, logLevel: 'silent' });

  await expect(plugin.bundle()).rejects.toThrow(/functions\/step7\.ts:\d+:\d+: ERROR: Could not resolve "\.\/nowhere"/);
});
