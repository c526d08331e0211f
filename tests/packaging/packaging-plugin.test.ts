import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PackagingPlugin } from '../../packaging/packaging-plugin';

const params = parse(readFileSync(join(__dirname, '../../resources/stages.yml'), 'utf8'));

/** As much of the Serverless Framework as the plugin touches, called with a command; `spawned` is what it was asked to run. */
function framework(command: string) {
  const esbuild: Record<string, unknown> = { bundle: true };
  const spawned: string[] = [];
  const serverless = {
    classes: { Error: class extends Error {} },
    configurationInput: { params },
    processedInput: { commands: [command] },
    service: {
      functions: {},
      resources: {},
      custom: { esbuild },
      provider: { tags: {}, compiledCloudFormationTemplate: { Resources: {} } },
    },
    pluginManager: { spawn: async (name: string) => void spawned.push(name) },
  };
  return { serverless, esbuild, spawned };
}

test('serverless template packages the stack, and is set to leave out the code of other packages from the start', async () => {
  const { serverless, esbuild, spawned } = framework('template');

  const { hooks } = new PackagingPlugin(serverless);
  expect(esbuild).toEqual({ bundle: true, packages: 'external' });

  await hooks['template:make']!();
  expect(spawned).toEqual(['package']);
});

test.each(['package', 'deploy'])('serverless %s bundles everything', (command) => {
  const { serverless, esbuild } = framework(command);

  new PackagingPlugin(serverless).hooks.initialize!();

  expect(esbuild).toEqual({ bundle: true });
});
